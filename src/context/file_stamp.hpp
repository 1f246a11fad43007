#pragma once
/// What the kernel says of a file that tells one state of its content from another.

#include <sys/stat.h>

#include <compare>
#include <cstdint>

namespace strata::context {

/// Times in nanoseconds since 1970. `changed` (ctime) cannot be set by any program, so it gives
/// away an edit that put the old mtime and size back.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t modified = 0;
  std::int64_t changed = 0;
  std::uint32_t mode = 0;
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

FileStamp stamp_of(const struct stat& info);

/// The whole seconds of a time in nanoseconds, as stat has them: of times before 1970 the earlier.
std::int64_t floor_seconds(std::int64_t nanoseconds);

/// A moment on the clock that file times are taken from, nanoseconds since 1970.
std::int64_t file_clock_now();

/// True if any change of the file after the moment `observed` gives it another stamp: its times lie
/// before that moment by more than the grain of the clock they come from.
bool is_settled(const FileStamp& stamp, std::int64_t observed);

}  // namespace strata::context
