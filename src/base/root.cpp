#include "strata/base/root.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/directory.hpp"
#include "base/resolve.hpp"
#include "base/retry.hpp"
#include "strata/base/error.hpp"
#include "strata/base/path.hpp"

namespace strata {

namespace {

bool is_absence(int error_number) { return error_number == ENOENT || error_number == ENOTDIR; }

/// Opens a path that came as a view. A zero byte would cut it short for the kernel.
Opened open_path(int root_fd, std::string_view path, int flags, Links links) {
  if (path.find('\0') != std::string_view::npos) {
    fail(ErrorKind::corrupt, "path ", quoted(path), " contains a zero byte");
  }
  if (links == Links::keep) flags |= O_NOFOLLOW;
  return open_in_root(root_fd, std::string(path), flags);
}

struct Split {
  std::string_view parent;
  std::string_view name;
};

/// Takes the last component off. Slashes and "." at the end say nothing and are dropped.
Split split_last(std::string_view path) {
  std::string_view rest = path;
  while (rest.ends_with('/') || rest == "." || rest.ends_with("/.")) rest.remove_suffix(1);
  const Split parts{parent_path(rest), base_name(rest)};
  if (parts.name.empty()) {
    fail(ErrorKind::corrupt, "path ", quoted(path), " means the root itself, not a name in it");
  }
  if (parts.name == "..") fail(ErrorKind::corrupt, "path ", quoted(path), " ends in \"..\"");
  if (path.find('\0') != std::string_view::npos) {
    fail(ErrorKind::corrupt, "path ", quoted(path), " contains a zero byte");
  }
  return parts;
}

}  // namespace

Root Root::open(const std::string& host_path) {
  Fd directory(retry_on_signal(
      [&] { return ::open(host_path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (!directory) fail_errno("cannot open directory ", quoted(host_path));
  return Root(std::move(directory));
}

Fd Root::open_file(std::string_view path, int flags, Links links) const {
  Opened opened = open_path(fd(), path, flags, links);
  if (opened.error_number != 0) fail_system(opened.error_number, "cannot open " + quoted(path));
  return std::move(opened.fd);
}

std::optional<Fd> Root::find_file(std::string_view path, int flags, Links links) const {
  Opened opened = open_path(fd(), path, flags, links);
  if (is_absence(opened.error_number)) return std::nullopt;
  if (opened.error_number != 0) fail_system(opened.error_number, "cannot open " + quoted(path));
  return std::move(opened.fd);
}

Root Root::open_directory(std::string_view path, Links links) const {
  return Root(open_file(path, O_RDONLY | O_DIRECTORY, links));
}

std::optional<struct stat> Root::find_stat(std::string_view path, Links links) const {
  const auto file = find_file(path, O_PATH, links);
  if (!file) return std::nullopt;
  return stat_of(file->get());
}

std::string Root::read_link(std::string_view path) const {
  const Fd link = open_file(path, O_PATH, Links::keep);
  if (!S_ISLNK(stat_of(link.get()).st_mode)) {
    fail_system(EINVAL, cat("cannot read ", quoted(path), " as a symbolic link"));
  }
  LinkText target = link_text(link.get());
  if (target.error_number != 0) {
    fail_system(target.error_number, "cannot read symbolic link " + quoted(path));
  }
  return std::move(target.text);
}

std::vector<std::string> Root::list(std::string_view path, Links links) const {
  return names_in(open_directory(path, links).fd());
}

std::vector<std::string> names_in(int directory_fd) {
  std::vector<std::string> names;
  for (auto& entry : entries_of(directory_fd)) names.push_back(std::move(entry.name));
  std::ranges::sort(names);
  return names;
}

namespace {

/// Makes the missing directories of one path on the way down.
class DirectoryMaker {
 public:
  DirectoryMaker(int root_fd, std::string_view path, mode_t mode)
      : root_fd_(root_fd), path_(path), mode_(mode) {}

  void run() {
    for (const auto component : path_components(path_)) {
      const auto end = static_cast<std::size_t>(component.end() - path_.begin());
      enter(std::string(component), path_.substr(0, end));
    }
  }

 private:
  void enter(const std::string& name, std::string_view path_so_far) {
    if (name == ".") return;
    // Links and ".." can only be understood from the root.
    int error_number = name == ".." ? ENOTDIR : open_child(name);
    if (error_number == ENOENT) {
      if (::mkdirat(here(), name.c_str(), mode_) != 0 && errno != EEXIST) {
        fail_errno("cannot make directory ", quoted(path_so_far));
      }
      error_number = open_child(name);
    }
    if (error_number == ENOTDIR) {
      Opened opened = open_path(root_fd_, path_so_far, O_PATH | O_DIRECTORY, Links::follow);
      error_number = opened.error_number;
      here_ = std::move(opened.fd);
    }
    if (error_number != 0) {
      fail_system(error_number, "cannot make directory " + quoted(path_so_far));
    }
  }

  int open_child(const std::string& name) {
    constexpr int flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    Fd child(retry_on_signal([&] { return ::openat(here(), name.c_str(), flags); }));
    if (!child) return errno;
    here_ = std::move(child);
    return 0;
  }

  int here() const { return here_ ? here_.get() : root_fd_; }

  const int root_fd_;
  const std::string_view path_;
  const mode_t mode_;
  Fd here_;  // empty: the root
};

}  // namespace

void Root::make_directories(std::string_view path, mode_t mode) const {
  // Mostly everything is there already.
  const Opened whole = open_path(fd(), path, O_PATH | O_DIRECTORY, Links::follow);
  if (whole.error_number != 0) DirectoryMaker(fd(), path, mode).run();
}

Root::Place Root::place_of(std::string_view path) const {
  const auto [parent, name] = split_last(path);
  return {open_file(parent, O_PATH | O_DIRECTORY), std::string(name)};
}

void Root::make_directory(std::string_view path, mode_t mode) const {
  const Place place = place_of(path);
  if (::mkdirat(place.parent.get(), place.name.c_str(), mode) != 0) {
    fail_errno("cannot make directory ", quoted(path));
  }
}

Fd Root::create_file(std::string_view path, mode_t mode) const {
  const Place place = place_of(path);
  constexpr int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  Fd file(retry_on_signal(
      [&] { return ::openat(place.parent.get(), place.name.c_str(), flags, mode); }));
  if (!file) fail_errno("cannot make file ", quoted(path));
  return file;
}

void Root::make_symlink(std::string_view path, const std::string& target) const {
  const Place place = place_of(path);
  if (::symlinkat(target.c_str(), place.parent.get(), place.name.c_str()) != 0) {
    fail_errno("cannot make symbolic link ", quoted(path));
  }
}

void Root::make_hard_link(std::string_view path, std::string_view existing) const {
  const Place from = place_of(existing);
  const Place to = place_of(path);
  if (::linkat(from.parent.get(), from.name.c_str(), to.parent.get(), to.name.c_str(), 0) != 0) {
    fail_errno("cannot make hard link ", quoted(path), " to ", quoted(existing));
  }
}

void Root::make_node(std::string_view path, mode_t mode_and_type, dev_t device) const {
  const Place place = place_of(path);
  if (::mknodat(place.parent.get(), place.name.c_str(), mode_and_type, device) != 0) {
    fail_errno("cannot make special file ", quoted(path));
  }
}

void Root::remove(std::string_view path) const {
  const auto [parent, name] = split_last(path);
  const auto directory = find_file(parent, O_PATH | O_DIRECTORY);
  if (directory) remove_tree(directory->get(), std::string(name));
}

void Root::rename(std::string_view from, std::string_view to) const {
  const Place source = place_of(from);
  const Place target = place_of(to);
  if (::renameat(source.parent.get(), source.name.c_str(), target.parent.get(),
                 target.name.c_str()) != 0) {
    fail_errno("cannot rename ", quoted(from), " to ", quoted(to));
  }
}

}  // namespace strata
