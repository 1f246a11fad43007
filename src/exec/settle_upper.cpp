/// From an upper directory, as an overlay left it, to a layer's unpacked form.

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include <cerrno>

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
#include "strata/base/text.hpp"
#include "upper.hpp"

namespace strata::exec {

namespace {

void remove_unsaid(const Root& upper, const std::vector<UpperFile>& files, const Tree& layer) {
  for (auto file = files.rbegin(); file != files.rend(); ++file)
    if (!layer.find(file->entry.path)) upper.remove(file->entry.path);
}

void remove_opaque_mark(const Root& upper, const std::string& path) {
  const Root directory = upper.open_directory(path);
  for (const char* mark : {"trusted.overlay.opaque", "user.overlay.opaque"})
    if (fremovexattr(directory.fd(), mark) != 0 && errno != ENODATA && errno != ENOTSUP)
      fail_errno("removing the overlay's mark of ", quoted(cat("/", path)));
}

/// Those of opaque directories are new, others may have another form than the unpacked one.
void make_whiteout(const Root& upper, const std::string& path) {
  const auto info = upper.find_stat(path);
  if (info && S_ISCHR(info->st_mode) && info->st_rdev == makedev(0, 0)) return;
  upper.remove(path);
  upper.make_node(path, S_IFCHR, makedev(0, 0));
}

/// Sets times of files that come in tree order, opening each directory once in a row of files.
class TimeSetter {
 public:
  explicit TimeSetter(const Root& upper) : upper_(upper) {}

  void set(const Entry& entry) {
    enter(std::string(parent_path(entry.path)));
    const timespec times[2] = {{0, UTIME_OMIT}, {static_cast<time_t>(entry.mtime), 0}};
    const std::string name(base_name(entry.path));
    if (utimensat(directory_.get(), name.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0)
      fail_errno("setting the time of ", quoted(cat("/", entry.path)));
  }

 private:
  void enter(std::string path) {
    if (directory_ && path == path_) return;
    directory_ = upper_.open_file(path, O_PATH | O_DIRECTORY, Links::keep);
    path_ = std::move(path);
  }

  const Root& upper_;
  Fd directory_;
  std::string path_;
};

}  // namespace

void settle_upper(const Root& upper, const std::vector<UpperFile>& files, const Tree& layer) {
  remove_unsaid(upper, files, layer);
  for (const UpperFile& file : files)
    if (file.opaque && layer.find(file.entry.path)) remove_opaque_mark(upper, file.entry.path);
  const auto entries = layer.entries();
  for (const Entry& entry : entries)
    if (entry.type == EntryType::whiteout) make_whiteout(upper, entry.path);
  // A directory's time comes last: what happens inside changes it.
  TimeSetter times(upper);
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry)
    if (!entry->is_removal() && entry->type != EntryType::hard_link) times.set(*entry);
}

}  // namespace strata::exec
