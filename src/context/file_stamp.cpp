#include "context/file_stamp.hpp"

#include <algorithm>
#include <ctime>

namespace strata::context {

namespace {

constexpr std::int64_t second = 1'000'000'000;
/// File times come from the kernel's coarse clock, which moves once in a tick: at most 10 ms.
constexpr std::int64_t tick = 10'000'000;
/// File systems without fractions keep whole seconds, FAT even ones.
constexpr std::int64_t coarse_grain = 2 * second;

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * second + time.tv_nsec;
}

}  // namespace

FileStamp stamp_of(const struct stat& info) {
  return {info.st_dev,
          info.st_ino,
          static_cast<std::uint64_t>(info.st_size),
          nanoseconds(info.st_mtim),
          nanoseconds(info.st_ctim),
          info.st_mode};
}

std::int64_t floor_seconds(std::int64_t nanoseconds) {
  const std::int64_t seconds = nanoseconds / second;
  return nanoseconds % second < 0 ? seconds - 1 : seconds;
}

std::int64_t file_clock_now() {
  timespec time{};
  clock_gettime(CLOCK_REALTIME_COARSE, &time);
  return nanoseconds(time);
}

bool is_settled(const FileStamp& stamp, std::int64_t observed) {
  const bool whole_seconds = stamp.changed % second == 0;
  const std::int64_t grain = whole_seconds ? coarse_grain : tick;
  return std::max(stamp.modified, stamp.changed) < observed - grain;
}

}  // namespace strata::context
