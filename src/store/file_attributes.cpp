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

// EPERM: user.* on a link or a device; ENOTSUP: the file system has no such attributes.
void check_xattr(int result, const Xattr& xattr, const Entry& entry) {
  if (result == 0) return;
  const bool is_optional = xattr.name != "security.capability" || ::geteuid() != 0;
  if (is_optional && (errno == EPERM || errno == ENOTSUP)) return;
  fail_errno("cannot set attribute ", quoted(xattr.name), " of ", quoted(entry.path));
}

/// `set` is called for each attribute that is put on disk and answers as setxattr(2) does.
template <class Set>
void set_xattrs(const Entry& entry, const Set& set) {
  for (const Xattr& xattr : entry.rare->xattrs) {
    if (is_settable(xattr.name)) check_xattr(set(xattr), xattr, entry);
  }
}

void check_owner(int result, const Entry& entry) {
  if (result == 0) return;
  fail_errno("cannot give ", quoted(entry.path), " to user ", entry.uid, " and group ", entry.gid);
}

struct Times {
  explicit Times(std::int64_t mtime) : both{{mtime, 0}, {mtime, 0}} {}
  struct timespec both[2];
};

}  // namespace

void set_attributes(const Root& parent, const std::string& name, const Entry& entry) {
  if (::geteuid() == 0) {
    check_owner(::fchownat(parent.fd(), name.c_str(), entry.uid, entry.gid, AT_SYMLINK_NOFOLLOW),
                entry);
  }
  if (entry.type != EntryType::symlink) set_mode(parent, name, entry.mode);
  set_xattrs(entry, [&](const Xattr& xattr) {
    return ::lsetxattr(magic_path(parent, name).c_str(), xattr.name.c_str(), xattr.value.data(),
                       xattr.value.size(), 0);
  });
}

void set_file_attributes(int fd, const Entry& entry) {
  if (::geteuid() == 0) check_owner(::fchown(fd, entry.uid, entry.gid), entry);
  if (::fchmod(fd, entry.mode & 07777) != 0) {
    fail_errno("cannot set the mode of ", quoted(entry.path));
  }
  set_xattrs(entry, [&](const Xattr& xattr) {
    return ::fsetxattr(fd, xattr.name.c_str(), xattr.value.data(), xattr.value.size(), 0);
  });
  if (::futimens(fd, Times(entry.mtime).both) != 0) {
    fail_errno("cannot set the time of ", quoted(entry.path));
  }
}

void set_mode(const Root& parent, const std::string& name, std::uint32_t mode) {
  if (::fchmodat(parent.fd(), name.c_str(), mode & 07777, 0) != 0) {
    fail_errno("cannot set the mode of ", quoted(name));
  }
}

void set_mtime(const Root& parent, const std::string& name, std::int64_t mtime) {
  if (::utimensat(parent.fd(), name.c_str(), Times(mtime).both, AT_SYMLINK_NOFOLLOW) != 0) {
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
