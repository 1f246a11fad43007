#include "strata/base/lock.hpp"

#include <fcntl.h>

#include "base/retry.hpp"
#include "strata/base/error.hpp"

namespace strata {

namespace {

Fd open_lock_file(int directory_fd, const std::string& name) {
  // Lock files are never deleted, so the file of a name is always the same one.
  Fd file(retry_on_signal([&] {
    return ::openat(directory_fd, name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  }));
  if (!file) fail_errno("cannot open lock file ", quoted(name));
  return file;
}

enum class Patience { wait, none };

/// False if somebody else's lock prevents it.
bool set_lock(int fd, LockMode mode, LockRange range, Patience patience) {
  struct flock wish {};
  wish.l_type = mode == LockMode::shared ? F_RDLCK : F_WRLCK;
  wish.l_whence = SEEK_SET;
  wish.l_start = range.start;
  wish.l_len = range.size;
  const int command = patience == Patience::wait ? F_OFD_SETLKW : F_OFD_SETLK;
  if (retry_on_signal([&] { return ::fcntl(fd, command, &wish); }) == 0) return true;
  if (errno == EAGAIN || errno == EACCES) return false;
  fail_errno("cannot lock");
}

}  // namespace

FileLock FileLock::wait(int directory_fd, const std::string& name, LockMode mode) {
  FileLock lock(open_lock_file(directory_fd, name), {});
  set_lock(lock.file_.get(), mode, lock.range_, Patience::wait);
  return lock;
}

std::optional<FileLock> FileLock::try_now(int directory_fd, const std::string& name, LockMode mode,
                                          LockRange range) {
  FileLock lock(open_lock_file(directory_fd, name), range);
  if (!set_lock(lock.file_.get(), mode, range, Patience::none)) return std::nullopt;
  return lock;
}

bool FileLock::try_change(LockMode mode) {
  return set_lock(file_.get(), mode, range_, Patience::none);
}

}  // namespace strata
