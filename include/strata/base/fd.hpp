#pragma once
/// An owned file descriptor, and whole reads and writes on one.

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace strata {

/// Owns one file descriptor; move-only. An empty Fd holds -1.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept;
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  /// Closes, without a report of late write errors: call `close_checked` where they matter.
  void reset();

 private:
  int fd_ = -1;
};

/// Closes and throws if the kernel reports an error it had kept back.
void close_checked(Fd fd, std::string_view what);

/// An independent descriptor for the same open file, close-on-exec.
Fd duplicate(int fd);

/// Fills `buffer` as far as the file goes; less than its size only at the end of the file.
std::size_t read_full(int fd, std::span<char> buffer);
std::size_t pread_full(int fd, std::span<char> buffer, std::uint64_t offset);

/// Writes everything or throws.
void write_all(int fd, std::string_view bytes);

/// All that is left of a file, which may not be longer than `size_max` bytes (Error corrupt).
std::string read_all(int fd, std::size_t size_max, std::string_view what);

struct stat stat_of(int fd);

/// Both ends of a pipe, close-on-exec.
struct Pipe {
  Fd read_end;
  Fd write_end;
};
Pipe make_pipe();

}  // namespace strata
