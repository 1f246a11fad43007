// Ages in the words of Docker's listings (units.HumanDuration), limit by limit.

#include <chrono>

#include "strata/base/text.hpp"
#include "strata/base/time.hpp"

namespace strata {

namespace {

struct AgeUnit {
  std::int64_t hours_max;  // the unit is used below this many hours
  std::int64_t hours_per_unit;
  std::string_view name;
};

constexpr AgeUnit long_units[] = {
    {48, 1, " hours"},
    {24 * 7 * 2, 24, " days"},
    {24 * 30 * 2, 24 * 7, " weeks"},
    {24 * 365 * 2, 24 * 30, " months"},
};

std::string duration_text(std::int64_t seconds) {
  if (seconds < 1) return "Less than a second";
  if (seconds == 1) return "1 second";
  if (seconds < 60) return cat(seconds, " seconds");
  const std::int64_t minutes = seconds / 60;
  if (minutes == 1) return "About a minute";
  if (minutes < 60) return cat(minutes, " minutes");
  const std::int64_t hours = (seconds + 1800) / 3600;  // hours are rounded, all else is cut off
  if (hours == 1) return "About an hour";
  for (const auto& unit : long_units) {
    if (hours < unit.hours_max) return cat(hours / unit.hours_per_unit, unit.name);
  }
  return cat(seconds / 3600 / 24 / 365, " years");
}

}  // namespace

std::string human_age(Time then, Time now) {
  // The difference of two times may not fit in nanoseconds; in microseconds it always does.
  using std::chrono::microseconds;
  const auto age = std::chrono::floor<microseconds>(now) - std::chrono::floor<microseconds>(then);
  return duration_text(std::chrono::floor<std::chrono::seconds>(age).count()) + " ago";
}

}  // namespace strata
