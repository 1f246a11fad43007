// Removing a tree that somebody else may have built, and may still be changing.
//
// The work goes down by openat with O_NOFOLLOW and comes up by "..", checking that it comes out
// where it went in; so it needs one descriptor however deep the tree is, never touches a path as a
// text, and stops if a directory was moved away under it. It does not cross into a mounted file
// system: what a forgotten bind mount shows belongs to somebody else.

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "base/directory.hpp"
#include "base/retry.hpp"
#include "strata/base/error.hpp"
#include "strata/base/root.hpp"

namespace strata {

namespace {

constexpr int directory_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

/// Opens a directory of the same mount; an empty Fd and errno otherwise (EXDEV: a mount point).
Fd open_same_mount(int parent_fd, const std::string& name) {
  open_how how{};
  how.flags = directory_flags;
  how.resolve = RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH;
  Fd fd(static_cast<int>(retry_on_signal(
      [&] { return ::syscall(SYS_openat2, parent_fd, name.c_str(), &how, sizeof how); })));
  if (fd || (errno != ENOSYS && errno != EPERM)) return fd;
  fd = Fd(retry_on_signal([&] { return ::openat(parent_fd, name.c_str(), directory_flags); }));
  if (fd && stat_of(fd.get()).st_dev != stat_of(parent_fd).st_dev) {
    fd.reset();
    errno = EXDEV;
  }
  return fd;
}

/// A directory whose owner may list and empty it. Nothing if it is gone.
Fd open_for_removal(int parent_fd, const std::string& name) {
  Fd fd = open_same_mount(parent_fd, name);
  if (!fd && errno == EACCES) {
    ::fchmodat(parent_fd, name.c_str(), 0700, AT_SYMLINK_NOFOLLOW);
    fd = open_same_mount(parent_fd, name);
  }
  if (!fd && errno == ENOENT) return fd;
  if (!fd && errno == EXDEV) {
    fail(ErrorKind::system, "cannot remove ", quoted(name), ": a file system is mounted there; ",
         "unmount it first");
  }
  if (!fd) fail_errno("cannot remove directory ", quoted(name));
  // Where it is not ours to change, the removal itself will say so.
  if ((stat_of(fd.get()).st_mode & 0700) != 0700) ::fchmod(fd.get(), 0700);
  return fd;
}

enum class Removed { yes, is_directory };

Removed remove_entry(int parent_fd, const std::string& name) {
  if (::unlinkat(parent_fd, name.c_str(), 0) == 0 || errno == ENOENT) return Removed::yes;
  if (errno == EISDIR) return Removed::is_directory;
  fail_errno("cannot remove ", quoted(name));
}

class TreeRemoval {
 public:
  explicit TreeRemoval(int parent_fd) : top_parent_fd_(parent_fd) {}

  void remove(const std::string& name) {
    descend(name);
    while (!levels_.empty()) {
      auto& subdirectories = levels_.back().subdirectories;
      if (subdirectories.empty()) {
        ascend();
      } else {
        const std::string next = std::move(subdirectories.back());
        subdirectories.pop_back();
        descend(next);
      }
    }
  }

 private:
  struct Level {
    std::string name;
    dev_t device;
    ino_t inode;
    std::vector<std::string> subdirectories;
  };

  int here() const { return levels_.empty() ? top_parent_fd_ : here_.get(); }

  void descend(const std::string& name) {
    Fd fd = open_for_removal(here(), name);
    if (!fd) return;
    const struct stat status = stat_of(fd.get());
    here_ = std::move(fd);
    levels_.push_back({name, status.st_dev, status.st_ino, {}});
    for (auto& entry : entries_of(here_.get())) {
      if (entry.type == DT_DIR || remove_entry(here_.get(), entry.name) == Removed::is_directory) {
        levels_.back().subdirectories.push_back(std::move(entry.name));
      }
    }
  }

  void ascend() {
    const std::string name = std::move(levels_.back().name);
    levels_.pop_back();
    if (!levels_.empty()) go_to_parent(levels_.back());
    if (::unlinkat(here(), name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT) {
      fail_errno("cannot remove directory ", quoted(name));
    }
  }

  void go_to_parent(const Level& parent) {
    Fd fd(retry_on_signal([&] { return ::openat(here_.get(), "..", directory_flags); }));
    if (!fd) fail_errno("cannot go back to directory ", quoted(parent.name));
    const struct stat status = stat_of(fd.get());
    if (status.st_dev != parent.device || status.st_ino != parent.inode) {
      fail(ErrorKind::system, "directory ", quoted(parent.name),
           " was changed by another process while it was being removed");
    }
    here_ = std::move(fd);
  }

  const int top_parent_fd_;
  Fd here_;
  std::vector<Level> levels_;
};

}  // namespace

void remove_tree(int parent_fd, const std::string& name) {
  if (remove_entry(parent_fd, name) == Removed::is_directory) TreeRemoval(parent_fd).remove(name);
}

}  // namespace strata
