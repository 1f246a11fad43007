#include "base/resolve.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>

namespace strata {

Opened open_in_root(int root_fd, const std::string& path, int flags) {
  Opened opened = open_in_root_by_kernel(root_fd, path, flags);
  switch (opened.error_number) {
    case ENOSYS:
    case EPERM:
    case EAGAIN:
      return open_in_root_by_walk(root_fd, path, flags);
    default:
      return opened;
  }
}

Opened open_in_root_by_kernel(int root_fd, const std::string& path, int flags) {
  // openat2 refuses what open ignores: other flags beside O_PATH.
  if (flags & O_PATH) flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW;
  open_how how{};
  how.flags = static_cast<unsigned>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  const char* const text = path.empty() ? "." : path.c_str();
  // EAGAIN: something was renamed or mounted while ".." was resolved. On a machine that does so all
  // the time it may last.
  for (int tries_left = 64;;) {
    const long fd = ::syscall(SYS_openat2, root_fd, text, &how, sizeof how);
    if (fd >= 0) return {Fd(static_cast<int>(fd))};
    if (errno == EINTR || (errno == EAGAIN && --tries_left > 0)) continue;
    return {Fd(), errno};
  }
}

LinkText link_text(int link_fd) {
  char text[PATH_MAX];
  const auto length = ::readlinkat(link_fd, "", text, sizeof text);
  if (length < 0) return {{}, errno};
  return {std::string(text, static_cast<std::size_t>(length))};
}

}  // namespace strata
