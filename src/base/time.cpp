#include "strata/base/time.hpp"

#include <array>
#include <cstdio>
#include <optional>

#include "strata/base/error.hpp"

namespace strata {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year_month_day;

/// A point outside of what nanoseconds can count becomes the nearest one inside.
Time clamp_to_time(sys_seconds whole, nanoseconds fraction) {
  const auto first = std::chrono::ceil<seconds>(Time::min());
  const auto last = std::chrono::floor<seconds>(Time::max()) - seconds(1);
  if (whole < first) return Time::min();
  if (whole > last) return Time::max();
  return Time(whole) + fraction;
}

/// Takes a date-time apart from left to right. Every take_* is nothing if the text is otherwise.
class DateTimeText {
 public:
  explicit DateTimeText(std::string_view text) : rest_(text) {}

  bool take(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// Exactly `digits` digits with a value between `min` and `max`.
  std::optional<int> take_number(std::size_t digits, int min, int max) {
    if (rest_.size() < digits) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    if (value < min || value > max) return std::nullopt;
    return value;
  }

  std::optional<sys_days> take_date() {
    const auto year = take_number(4, 0, 9999);
    if (!year || !take("-")) return std::nullopt;
    const auto month = take_number(2, 1, 12);
    if (!month || !take("-")) return std::nullopt;
    const auto day = take_number(2, 1, 31);
    if (!day) return std::nullopt;
    const auto date = std::chrono::year(*year) / *month / *day;
    if (!date.ok()) return std::nullopt;
    return sys_days(date);
  }

  std::optional<seconds> take_clock() {
    const auto hour = take_number(2, 0, 23);
    if (!hour || !take(":")) return std::nullopt;
    const auto minute = take_number(2, 0, 59);
    if (!minute || !take(":")) return std::nullopt;
    // 60 is a leap second; counted on, it is the first second of the next minute.
    const auto second = take_number(2, 0, 60);
    if (!second) return std::nullopt;
    return hours(*hour) + minutes(*minute) + seconds(*second);
  }

  /// No fraction is zero; digits beyond the ninth are dropped.
  std::optional<nanoseconds> take_fraction() {
    if (!take(".")) return nanoseconds(0);
    std::int64_t value = 0;
    std::size_t digits = 0;
    for (; auto digit = take_number(1, 0, 9); ++digits) {
      if (digits < 9) value = value * 10 + *digit;
    }
    if (digits == 0) return std::nullopt;
    for (std::size_t i = digits; i < 9; ++i) value *= 10;
    return nanoseconds(value);
  }

  std::optional<seconds> take_offset() {
    if (take("Zz")) return seconds(0);
    const bool west = rest_.starts_with('-');
    if (!take("+-")) return std::nullopt;
    const auto hour = take_number(2, 0, 23);
    if (!hour || !take(":")) return std::nullopt;
    const auto minute = take_number(2, 0, 59);
    if (!minute) return std::nullopt;
    const seconds offset = hours(*hour) + minutes(*minute);
    return west ? -offset : offset;
  }

  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::optional<Time> find_time(std::string_view text) {
  DateTimeText rest(text);
  const auto date = rest.take_date();
  if (!date || !rest.take("Tt")) return std::nullopt;
  const auto clock = rest.take_clock();
  if (!clock) return std::nullopt;
  const auto fraction = rest.take_fraction();
  if (!fraction) return std::nullopt;
  const auto offset = rest.take_offset();
  if (!offset || !rest.at_end()) return std::nullopt;
  return clamp_to_time(sys_seconds(*date) + *clock - *offset, *fraction);
}

/// ".5" for half a second: without trailing zeros, and nothing for none.
std::string fraction_text(nanoseconds fraction) {
  if (fraction.count() == 0) return {};
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), ".%09lld", static_cast<long long>(fraction.count()));
  std::string digits(text.data());
  digits.erase(digits.find_last_not_of('0') + 1);
  return digits;
}

}  // namespace

Time now() { return std::chrono::time_point_cast<nanoseconds>(std::chrono::system_clock::now()); }

Time from_unix_seconds(std::int64_t count) {
  return clamp_to_time(sys_seconds(seconds(count)), nanoseconds(0));
}

std::int64_t to_unix_seconds(Time time) {
  return std::chrono::floor<seconds>(time).time_since_epoch().count();
}

std::string rfc3339(Time time) {
  const auto whole = std::chrono::floor<seconds>(time);
  // Not `time - whole`: the second in which Time begins begins before it.
  const auto fraction = (time.time_since_epoch() % seconds(1) + seconds(1)) % seconds(1);
  const auto midnight = std::chrono::floor<days>(whole);
  const year_month_day date(midnight);
  const std::chrono::hh_mm_ss clock(whole - midnight);
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d", int(date.year()),
                unsigned(date.month()), unsigned(date.day()), int(clock.hours().count()),
                int(clock.minutes().count()), int(clock.seconds().count()));
  return cat(std::string_view(text.data()), fraction_text(fraction), 'Z');
}

Time parse_rfc3339(std::string_view text) {
  const auto time = find_time(text);
  if (!time) {
    fail(ErrorKind::corrupt, quoted(text),
         " is not an RFC 3339 date-time such as \"2026-01-02T03:04:05Z\"");
  }
  return *time;
}

}  // namespace strata
