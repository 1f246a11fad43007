#include "sandbox/user_mounts.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "sandbox/host_files.hpp"
#include "sandbox/mounting.hpp"
#include "sandbox/overlay.hpp"
#include "strata/base/error.hpp"
#include "strata/base/path.hpp"

namespace strata::sandbox {

namespace {

constexpr const char* fixed_points[] = {"proc", "sys", "dev"};

Mount host_file(std::string target, std::string content) {
  Mount mount;
  mount.kind = Mount::Kind::file;
  mount.target = std::move(target);
  mount.content = std::move(content);
  mount.mode = 0644;
  mount.read_only = true;
  mount.no_exec = true;
  return mount;
}

std::vector<Mount> all_mounts(const Spec& spec) {
  std::vector<Mount> mounts = {host_file("/etc/hosts", make_hosts(spec)),
                               host_file("/etc/resolv.conf", make_resolv_conf(spec))};
  mounts.insert(mounts.end(), spec.mounts.begin(), spec.mounts.end());
  return mounts;
}

std::string octal(mode_t mode) {
  char digits[8];
  const auto end = std::to_chars(digits, digits + sizeof digits, mode & 07777, 8).ptr;
  return {digits, end};
}

/// Makes detached mounts, one per kind.
class MountMaker {
 public:
  explicit MountMaker(const std::vector<Fd>& sources) : sources_(sources) {}

  Fd make(const Mount& mount) {
    ++serial_;
    switch (mount.kind) {
      case Mount::Kind::bind:
        return clone_source(mount);
      case Mount::Kind::layers:
        return make_layers(mount);
      case Mount::Kind::tmpfs:
        return make_tmpfs(mount);
      case Mount::Kind::file:
        return make_file(mount);
    }
    fail(ErrorKind::corrupt, "unknown kind of mount");
  }

 private:
  /// Descriptors came as detached mounts already.
  Fd clone_source(const Mount& mount) const {
    if (mount.source_fd < 0) return clone_mount(AT_FDCWD, mount.source, Subtree::with_submounts);
    return duplicate(sources_.at(static_cast<std::size_t>(mount.source_fd)).get());
  }

  /// The part to show is looked up in the overlay alone, and found by nobody else.
  Fd make_layers(const Mount& mount) const {
    const Root root(mount_overlay(mount.layers, cat("layers", serial_), DeviceNodes::refused));
    return clone_mount(root.open_file(mount.subpath, O_PATH).get(), "", Subtree::one_mount);
  }

  static Fd make_tmpfs(const Mount& mount) {
    std::vector<Option> options = {
        {"mode", octal(mount.mode)}, {"uid", cat(mount.uid)}, {"gid", cat(mount.gid)}};
    if (mount.size_max > 0) options.push_back({"size", cat(mount.size_max)});
    return make_mount("tmpfs", options, 0);
  }

  Fd make_file(const Mount& mount) const {
    const std::string name = cat("file", serial_);
    const Fd file(open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file) fail_errno("make ", name);
    write_all(file.get(), mount.content);
    if (fchown(file.get(), mount.uid, mount.gid) != 0 || fchmod(file.get(), mount.mode) != 0) {
      fail_errno("set the owner of ", quoted(mount.target));
    }
    return clone_mount(AT_FDCWD, name, Subtree::one_mount);
  }

  const std::vector<Fd>& sources_;
  int serial_ = 0;
};

void set_attributes(int mount_fd, const Mount& mount) {
  std::uint64_t attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
  if (mount.read_only) attributes |= MOUNT_ATTR_RDONLY;
  if (mount.no_exec) attributes |= MOUNT_ATTR_NOEXEC;
  isolate_mount(mount_fd, attributes);
}

bool lies_in_any(const std::string& path, const std::vector<ReadyMount>& mounts) {
  const auto holds = [&path](std::string_view other) { return is_within(path, other); };
  return std::any_of(std::begin(fixed_points), std::end(fixed_points), holds) ||
         std::any_of(mounts.begin(), mounts.end(),
                     [&](const ReadyMount& mount) { return holds(mount.point.path); });
}

ReadyMount prepare(const Mount& mount, MountMaker& maker, const std::vector<ReadyMount>& earlier) {
  try {
    const std::string path = root_path(mount.target);
    if (path.empty()) fail(ErrorKind::usage, "nothing can be mounted over the root");
    Fd ready = maker.make(mount);
    set_attributes(ready.get(), mount);
    const bool is_directory = S_ISDIR(stat_of(ready.get()).st_mode);
    return {std::move(ready), {path, is_directory}, lies_in_any(path, earlier)};
  } catch (Error& error) {
    throw error.note(cat("while preparing the mount on ", quoted(mount.target)));
  }
}

void make_nested_point(const Root& root, const MountPoint& point) {
  if (root.find_stat(point.path, Links::follow)) return;
  make_stubs(root, {point});
}

}  // namespace

std::vector<ReadyMount> prepare_mounts(const Spec& spec, const std::vector<Fd>& sources) {
  MountMaker maker(sources);
  std::vector<ReadyMount> ready;
  for (const Mount& mount : all_mounts(spec)) ready.push_back(prepare(mount, maker, ready));
  return ready;
}

std::vector<MountPoint> wanted_points(const std::vector<ReadyMount>& mounts) {
  std::vector<MountPoint> points;
  for (const char* path : fixed_points) points.push_back({path, true});
  for (const ReadyMount& mount : mounts) {
    if (!mount.is_nested) points.push_back(mount.point);
  }
  return points;
}

void attach_mounts(const Root& root, const std::vector<ReadyMount>& mounts) {
  for (const ReadyMount& mount : mounts) {
    const std::string& path = mount.point.path;
    try {
      if (mount.is_nested) make_nested_point(root, mount.point);
      attach_mount(mount.mount.get(), root.open_file(path, O_PATH).get(), quoted("/" + path));
    } catch (Error& error) {
      throw error.note(cat("while mounting on ", quoted("/" + path)));
    }
  }
}

}  // namespace strata::sandbox
