#pragma once
/// Mounts as objects with a descriptor: made, given their attributes, and only then attached to a
/// place that is itself a descriptor. No path is looked up twice, so nothing can be swapped between
/// the look and the mount. (fsopen, open_tree and move_mount of Linux 5.2, mount_setattr of 5.12.)

#include <cstdint>
#include <string>
#include <vector>

#include "strata/base/fd.hpp"

namespace strata::sandbox {

/// An option of a file system. An empty value makes it a flag.
struct Option {
  const char* key;
  std::string value;
};

/// A file system being configured: fsopen(2).
class NewFilesystem {
 public:
  explicit NewFilesystem(const char* type);

  void set(const Option& option);

  /// A mount of it, attached nowhere. `attributes` are MOUNT_ATTR_* values.
  Fd mount(std::uint64_t attributes);

 private:
  [[noreturn]] void fail_with_log(const std::string& what) const;

  const char* type_;
  Fd context_;
};

/// All of it in one step.
Fd make_mount(const char* type, const std::vector<Option>& options, std::uint64_t attributes);

enum class Subtree { one_mount, with_submounts };

/// A second mount of what `path`, relative to `directory_fd`, shows; attached nowhere. With an
/// empty path of what the descriptor itself is.
Fd clone_mount(int directory_fd, const std::string& path, Subtree subtree);

/// Adds MOUNT_ATTR_* values to a mount and, if wanted, to all below it.
void add_attributes(int mount_fd, std::uint64_t attributes, Subtree subtree);

/// As add_attributes for the whole subtree, and cuts it off from its original: a mount later made
/// in it does not appear there (a detached mount made in another namespace may still be its peer).
void isolate_mount(int mount_fd, std::uint64_t attributes);

/// Puts a detached mount on top of what `target_fd` is.
void attach_mount(int mount_fd, int target_fd, const std::string& what);

}  // namespace strata::sandbox
