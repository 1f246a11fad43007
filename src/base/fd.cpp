#include "strata/base/fd.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "base/retry.hpp"
#include "strata/base/error.hpp"
#include "strata/base/io.hpp"

namespace strata {

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void Fd::reset() {
  const int fd = release();
  if (fd < 0) return;
  // Destructors run on the way to a message about errno: it must survive them.
  const int saved = errno;
  ::close(fd);
  errno = saved;
}

void close_checked(Fd fd, std::string_view what) {
  // Linux has closed the descriptor even when it reports EINTR.
  if (::close(fd.release()) != 0 && errno != EINTR) fail_errno("cannot finish writing ", what);
}

Fd duplicate(int fd) {
  Fd copy(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
  if (!copy) fail_errno("cannot duplicate a file descriptor");
  return copy;
}

std::size_t read_full(int fd, std::span<char> buffer) {
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    const auto got =
        retry_on_signal([&] { return ::read(fd, &buffer[filled], buffer.size() - filled); });
    if (got < 0) fail_errno("cannot read");
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  return filled;
}

std::size_t pread_full(int fd, std::span<char> buffer, std::uint64_t offset) {
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    const auto position = static_cast<off_t>(offset + filled);
    const auto got = retry_on_signal(
        [&] { return ::pread(fd, &buffer[filled], buffer.size() - filled, position); });
    if (got < 0) fail_errno("cannot read");
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  return filled;
}

void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto taken = retry_on_signal([&] { return ::write(fd, bytes.data(), bytes.size()); });
    if (taken < 0) fail_errno("cannot write");
    bytes.remove_prefix(static_cast<std::size_t>(taken));
  }
}

std::string read_all(int fd, std::size_t size_max, std::string_view what) {
  FdSource source(fd);
  return read_all(source, size_max, what);
}

struct stat stat_of(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) fail_errno("cannot stat an open file");
  return status;
}

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail_errno("cannot make a pipe");
  return {Fd(ends[0]), Fd(ends[1])};
}

}  // namespace strata
