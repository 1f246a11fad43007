#pragma once
/// Opening a path that cannot leave its root: by the kernel's own walk, or by ours where the kernel
/// has none (before Linux 5.6) or a sandbox around us forbids the call.

#include <string>

#include "strata/base/fd.hpp"

namespace strata {

/// What came of it: a descriptor, or why there is none.
struct Opened {
  Fd fd;
  int error_number = 0;
};

/// Opens `path` below `root_fd`. Leading slashes mean the root, ".." at the root stays there, and
/// an absolute link is relative to the root. `flags` as for open(2) but without O_CREAT and
/// O_TMPFILE; O_CLOEXEC is added. With O_NOFOLLOW a link at the end is itself opened (O_PATH) or
/// ELOOP; links before the end are followed. An empty path is the root.
Opened open_in_root(int root_fd, const std::string& path, int flags);

/// open_in_root by openat2. ENOSYS or EPERM may mean that the call is not to be had.
Opened open_in_root_by_kernel(int root_fd, const std::string& path, int flags);

/// open_in_root one component at a time. Differs in one thing: a magic link of procfs is read as
/// the text it shows, inside the root, where the kernel refuses it with ELOOP.
Opened open_in_root_by_walk(int root_fd, const std::string& path, int flags);

/// The text of the symbolic link that `link_fd` (O_PATH | O_NOFOLLOW) is open on, or errno.
struct LinkText {
  std::string text;
  int error_number = 0;
};
LinkText link_text(int link_fd);

}  // namespace strata
