#pragma once
/// Root: a directory that paths cannot leave. Every access to a tree that somebody else may have
/// written (a build context, an unpacked layer, a container's files, an archive being extracted)
/// goes through one. Parents are resolved by openat2(RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS), so
/// "..", absolute links and links planted by an earlier entry stay inside; the last component is
/// touched by an *at call relative to the parent's descriptor and is never followed unless a
/// function says so. Where a kernel lacks openat2 the same walk is done one component at a time.
///
/// A Root is safe to use from several threads.

#include <fcntl.h>
#include <sys/stat.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "strata/base/fd.hpp"

namespace strata {

/// Whether a symbolic link at the end of a path is followed (inside the root) or is itself meant.
enum class Links { follow, keep };

class Root {
 public:
  /// Opens a directory of the host by its path. This path is trusted: it came from the user.
  static Root open(const std::string& host_path);
  explicit Root(Fd directory) : directory_(std::move(directory)) {}

  int fd() const { return directory_.get(); }
  /// The same directory under a descriptor of its own.
  Root clone() const { return Root(duplicate(fd())); }

  /// Opens what `path` leads to. `flags` as for open(2), without O_CREAT; O_CLOEXEC is added.
  /// Throws as errno says: a link that Links::keep finds at the end is ELOOP, unless O_PATH is set.
  Fd open_file(std::string_view path, int flags = O_RDONLY, Links links = Links::follow) const;
  /// As open_file; nothing if there is no such path (ENOENT, ENOTDIR).
  std::optional<Fd> find_file(std::string_view path, int flags = O_RDONLY,
                              Links links = Links::follow) const;
  /// The directory at `path` as a root of its own.
  Root open_directory(std::string_view path, Links links = Links::keep) const;

  std::optional<struct stat> find_stat(std::string_view path, Links links = Links::keep) const;
  /// The text of a symbolic link.
  std::string read_link(std::string_view path) const;
  /// Names in a directory, sorted bytewise, without "." and "..".
  std::vector<std::string> list(std::string_view path, Links links = Links::keep) const;

  /// Makes `path` and its missing parents; a component that is a link to a directory is followed
  /// inside the root. Existing directories keep their mode. Here and below, `mode` is less the
  /// umask.
  void make_directories(std::string_view path, mode_t mode = 0755) const;
  void make_directory(std::string_view path, mode_t mode) const;
  /// A new file that did not exist (O_EXCL), opened for writing.
  Fd create_file(std::string_view path, mode_t mode) const;
  void make_symlink(std::string_view path, const std::string& target) const;
  /// A second name for an existing file, which is not followed if it is a link.
  void make_hard_link(std::string_view path, std::string_view existing) const;
  void make_node(std::string_view path, mode_t mode_and_type, dev_t device) const;

  /// Removes a file, a link or a whole directory; nothing happens if it is not there.
  void remove(std::string_view path) const;
  void rename(std::string_view from, std::string_view to) const;

  /// A parent directory, opened, and the last component: what the *at calls want.
  struct Place {
    Fd parent;
    std::string name;
  };
  /// Throws if a parent is missing or not a directory. `path` may not be the root itself, and may
  /// not end in "..".
  Place place_of(std::string_view path) const;

 private:
  Fd directory_;
};

/// Names in a directory that was opened for reading, as Root::list.
std::vector<std::string> names_in(int directory_fd);

/// Removes everything below a directory and then the directory `name` itself, by descriptors alone.
/// Links are not followed, and a mounted file system below is not entered: that is an Error. A
/// plain file or link of that name is removed too; nothing happens if there is none.
void remove_tree(int parent_fd, const std::string& name);

}  // namespace strata
