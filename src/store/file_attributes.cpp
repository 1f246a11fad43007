#include "strata/store/file_attributes.hpp"

#include <sys/xattr.h>
#include <unistd.h>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::store {

namespace {

/// Which attributes of a layer are put on disk. overlayfs steers itself by trusted.overlay.* and
/// user.overlay.*, so no image may set those; labels of the host's security modules are the host's.
bool is_settable(const std::string& name) {
  if (name == "security.capability") return true;
  return !name.starts_with("security.") && !name.starts_with("trusted.") &&
         !name.starts_with("user.overlay.");
}

/// There is no setxattr relative to a directory; the magic link of the descriptor is one.
std::string magic_path(const Root& parent, const std::string& name) {
  return cat("/proc/self/fd/", parent.fd(), '/', name);
}

void set_xattr(const Root& parent, const std::string& name, const Xattr& xattr) {
  if (::lsetxattr(magic_path(parent, name).c_str(), xattr.name.c_str(), xattr.value.data(),
                  xattr.value.size(), 0) == 0) {
    return;
  }
  // EPERM: user.* on a link or a device; ENOTSUP: the file system has no such attributes.
  const bool is_optional = xattr.name != "security.capability" || ::geteuid() != 0;
  if (is_optional && (errno == EPERM || errno == ENOTSUP)) return;
  fail_errno("cannot set attribute ", quoted(xattr.name), " of ", quoted(name));
}

void set_owner(const Root& parent, const std::string& name, const Entry& entry) {
  if (::geteuid() != 0) return;
  if (::fchownat(parent.fd(), name.c_str(), entry.uid, entry.gid, AT_SYMLINK_NOFOLLOW) != 0) {
    fail_errno("cannot give ", quoted(entry.path), " to user ", entry.uid, " and group ",
               entry.gid);
  }
}

}  // namespace

void set_attributes(const Root& parent, const std::string& name, const Entry& entry) {
  set_owner(parent, name, entry);
  if (entry.type != EntryType::symlink) set_mode(parent, name, entry.mode);
  for (const Xattr& xattr : entry.xattrs) {
    if (is_settable(xattr.name)) set_xattr(parent, name, xattr);
  }
}

void set_mode(const Root& parent, const std::string& name, std::uint32_t mode) {
  if (::fchmodat(parent.fd(), name.c_str(), mode & 07777, 0) != 0) {
    fail_errno("cannot set the mode of ", quoted(name));
  }
}

void set_mtime(const Root& parent, const std::string& name, std::int64_t mtime) {
  const struct timespec times[2] = {{mtime, 0}, {mtime, 0}};
  if (::utimensat(parent.fd(), name.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0) {
    fail_errno("cannot set the time of ", quoted(name));
  }
}

void mark_opaque(const Root& parent, const std::string& name) {
  const char* attribute = ::geteuid() == 0 ? "trusted.overlay.opaque" : "user.overlay.opaque";
  if (::lsetxattr(magic_path(parent, name).c_str(), attribute, "y", 1, 0) != 0) {
    fail_errno("cannot mark directory ", quoted(name), " as opaque");
  }
}

}  // namespace strata::store
