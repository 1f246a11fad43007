#include "strata/exec/writable_layer.hpp"

#include "placement.hpp"
#include "strata/base/error.hpp"
#include "strata/base/time.hpp"
#include "upper_diff.hpp"

namespace strata::exec {

namespace {

void make_working_dir(const Root& upper, const std::string& working_dir, const RootfsView& parent) {
  Placement placement(parent);
  const std::string path = placement.resolve(working_dir);
  if (placement.is_directory(path)) return;
  placement.make_directories(path, {});
  const Tree made = std::move(placement).finish(to_unix_seconds(now())).tree();
  for (const Entry& entry : made.entries()) {
    upper.make_directory(entry.path, entry.mode);
    const Root directory = upper.open_directory(entry.path);
    if (fchown(directory.fd(), entry.uid, entry.gid) != 0 ||
        fchmod(directory.fd(), entry.mode) != 0)
      fail_errno("making the working directory ", quoted(working_dir));
  }
}

}  // namespace

void dress_root(const Root& upper, const RootfsView& parent) {
  const auto root = parent.find("");
  const std::uint32_t mode = root ? root->entry->mode : 0755;
  const std::uint32_t uid = root ? root->entry->uid : 0;
  const std::uint32_t gid = root ? root->entry->gid : 0;
  const timespec times[2] = {{0, UTIME_OMIT}, {root ? root->entry->mtime : 0, 0}};
  if (fchown(upper.fd(), uid, gid) != 0 || fchmod(upper.fd(), mode) != 0 ||
      futimens(upper.fd(), times) != 0)
    fail_errno("preparing the root directory of a step");
}

void prepare_upper(const Root& upper, const RootfsView& parent, const std::string& working_dir) {
  make_working_dir(upper, working_dir, parent);
  dress_root(upper, parent);
}

Tree read_changes(const Root& upper, const RootfsView& parent) {
  const auto digest_file = [&](const std::string& path) {
    FdSource bytes(upper.open_file(path, O_RDONLY | O_NOFOLLOW, Links::keep));
    return ContentDigest(digest_of(bytes));
  };
  return diff_upper(read_upper(upper), parent, std::nullopt, digest_file);
}

}  // namespace strata::exec
