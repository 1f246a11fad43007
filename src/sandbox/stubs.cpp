#include "sandbox/stubs.hpp"

#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <set>

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"

namespace strata::sandbox {

namespace {

constexpr int links_max = 40;  // as the kernel's own limit on the way to one file

void make_point(const Root& root, const MountPoint& point) {
  if (point.is_directory) {
    root.make_directories(point.path);
  } else if (!root.find_stat(point.path)) {
    root.make_directories(parent_path(point.path));
    root.create_file(point.path, 0644);
  }
}

/// Where `path` leads in `view` when every link on the way is followed inside the root; what is
/// missing at the end is taken as it stands. Nobody changes the view meanwhile: nothing runs yet.
std::string resolve_links(const Root& view, const std::string& path) {
  std::string reached;
  std::string rest = path;
  for (int links_left = links_max; !rest.empty();) {
    const std::string name(path_components(rest).front());
    rest = rest.size() > name.size() ? rest.substr(name.size() + 1) : std::string();
    const std::string next = join_path(reached, name);
    const auto status = view.find_stat(next);
    if (!status || !S_ISLNK(status->st_mode)) {
      if (status && !S_ISDIR(status->st_mode) && !rest.empty()) {
        fail_system(ENOTDIR, cat("mount point ", quoted("/" + path)));
      }
      reached = next;
      continue;
    }
    if (--links_left == 0) fail_system(ELOOP, cat("mount point ", quoted("/" + path)));
    const std::string target = view.read_link(next);
    // Whatever ".." the link holds is meant from where the link lies, which is free of links.
    rest = join_path(root_path(target.starts_with('/') ? target : cat(reached, "/", target)), rest);
    reached.clear();
  }
  return reached;
}

std::vector<std::string> attribute_names(int fd) {
  const ssize_t size = flistxattr(fd, nullptr, 0);
  std::string names(size > 0 ? static_cast<std::size_t>(size) : 0, '\0');
  const ssize_t got = flistxattr(fd, names.data(), names.size());
  names.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return names.empty() ? std::vector<std::string>()
                       : split(names.substr(0, names.size() - 1), '\0');
}

void copy_attribute(int from, int to, const std::string& name) {
  const ssize_t size = fgetxattr(from, name.c_str(), nullptr, 0);
  std::string value(size > 0 ? static_cast<std::size_t>(size) : 0, '\0');
  if (size < 0 || fgetxattr(from, name.c_str(), value.data(), value.size()) != size) {
    fail_errno("read attribute ", quoted(name));
  }
  // tmpfs has no user.* attributes before Linux 6.6: then a directory that is part of a mount
  // point's path shows without them, which nothing but a look for them notices.
  if (fsetxattr(to, name.c_str(), value.data(), value.size(), 0) != 0 && errno != EOPNOTSUPP) {
    fail_errno("copy attribute ", quoted(name));
  }
}

/// Owner before mode, because a change of owner clears set-id bits; times last.
void copy_metadata(int from, int to) {
  const struct stat status = stat_of(from);
  for (const std::string& name : attribute_names(from)) copy_attribute(from, to, name);
  const timespec times[2] = {status.st_atim, status.st_mtim};
  if (fchown(to, status.st_uid, status.st_gid) != 0 || fchmod(to, status.st_mode & 07777) != 0 ||
      futimens(to, times) != 0) {
    fail_errno("copy a directory's owner, mode and times");
  }
}

}  // namespace

void make_stubs(const Root& infra, const std::vector<MountPoint>& points) {
  for (const MountPoint& point : points) make_point(infra, point);
}

std::vector<MountPoint> find_missing(const Root& view, const std::vector<MountPoint>& points) {
  std::vector<MountPoint> missing;
  for (const MountPoint& point : points) {
    if (view.find_stat(point.path, Links::follow)) continue;
    missing.push_back({resolve_links(view, point.path), point.is_directory});
  }
  return missing;
}

void make_cover(const Root& cover, const Root& view, const std::vector<MountPoint>& points) {
  for (const MountPoint& point : points) make_point(cover, point);
  // Children before their parents: making an entry changes its directory's times.
  const std::vector<std::string> paths = stub_paths(points);
  for (auto path = paths.rbegin(); path != paths.rend(); ++path) {
    const auto shown = view.find_file(*path, O_RDONLY | O_DIRECTORY, Links::keep);
    if (shown) copy_metadata(shown->get(), cover.open_file(*path, O_RDONLY | O_DIRECTORY).get());
  }
}

std::vector<std::string> stub_paths(const std::vector<MountPoint>& points) {
  std::set<std::string, PathLess> paths;
  for (const MountPoint& point : points) {
    for (std::string_view path = point.path; !path.empty(); path = parent_path(path)) {
      paths.emplace(path);
    }
  }
  return {paths.begin(), paths.end()};
}

}  // namespace strata::sandbox
