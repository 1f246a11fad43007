#include "strata/base/io.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/retry.hpp"
#include "strata/base/error.hpp"

namespace strata {

namespace {

// Large enough that the system call costs nothing beside the copying, small enough for the cache.
constexpr std::size_t copy_buffer_size = 256 * 1024;
// What one call copies: a signal is seen in between.
constexpr std::uint64_t kernel_copy_size = 64 << 20;

}  // namespace

std::size_t FdSource::read(std::span<char> buffer) {
  const auto got = retry_on_signal([&] { return ::read(fd_, buffer.data(), buffer.size()); });
  if (got < 0) fail_errno("cannot read");
  return static_cast<std::size_t>(got);
}

std::size_t PreadSource::read(std::span<char> buffer) {
  const std::size_t count = pread_full(fd_, buffer, offset_);
  offset_ += count;
  return count;
}

void FdSink::write(std::string_view bytes) { write_all(fd_, bytes); }

std::size_t ViewSource::read(std::span<char> buffer) {
  const std::size_t count = std::min(buffer.size(), rest_.size());
  std::copy_n(rest_.data(), count, buffer.data());
  rest_.remove_prefix(count);
  return count;
}

std::size_t LimitedSource::read(std::span<char> buffer) {
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left_));
  if (count == 0) return 0;
  const std::size_t got = inner_.read(buffer.first(count));
  left_ -= got;
  return got;
}

std::size_t read_full(Source& from, std::span<char> buffer) {
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    const std::size_t count = from.read(buffer.subspan(filled));
    if (count == 0) break;
    filled += count;
  }
  return filled;
}

std::uint64_t copy_in_kernel(Source& from, Sink& to, std::uint64_t size_max) {
  const int out = to.as_file();
  const int in = out < 0 ? -1 : from.as_file();
  if (in < 0) return 0;
  std::uint64_t total = 0;
  while (total < size_max) {
    const auto count = retry_on_signal([&] {
      return ::copy_file_range(in, nullptr, out, nullptr,
                               std::min<std::uint64_t>(size_max - total, kernel_copy_size), 0);
    });
    // Whatever the reason is, copying by hand goes on from here, or fails for it with the right
    // words.
    if (count <= 0) break;
    total += static_cast<std::uint64_t>(count);
  }
  return total;
}

std::uint64_t copy_all(Source& from, Sink& to) {
  std::uint64_t total = copy_in_kernel(from, to, std::numeric_limits<std::uint64_t>::max());
  const auto buffer = std::make_unique_for_overwrite<char[]>(copy_buffer_size);
  while (const std::size_t got = from.read({buffer.get(), copy_buffer_size})) {
    to.write({buffer.get(), got});
    total += got;
  }
  return total;
}

std::string read_all(Source& from, std::size_t size_max, std::string_view what) {
  constexpr std::size_t first_size = 4 * 1024;
  std::string text;
  std::size_t filled = 0;
  for (;;) {
    // The buffer grows with the bytes that really came: no claimed size drives it.
    if (filled == text.size()) text.resize(std::max(first_size, filled * 2));
    const std::size_t got = from.read(std::span(text).subspan(filled));
    if (got == 0) break;
    filled += got;
    if (filled > size_max) fail(ErrorKind::corrupt, what, " is larger than ", size_max, " bytes");
  }
  text.resize(filled);
  text.shrink_to_fit();
  return text;
}

}  // namespace strata
