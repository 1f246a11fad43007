#include "strata/dockerfile/duration.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "dockerfile/unicode.hpp"

namespace strata::dockerfile {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};

// Longer names first, so that "ms" is not read as minutes.
constexpr std::array<Unit, 8> units = {{
    {"ns", 1},
    {"us", 1'000},
    {"µs", 1'000},  // U+00B5, the micro sign
    {"μs", 1'000},  // U+03BC, the Greek letter
    {"ms", 1'000'000},
    {"s", 1'000'000'000},
    {"m", 60'000'000'000},
    {"h", 3'600'000'000'000},
}};

/// Takes digits off the text; `scale` is ten to the power of how many.
double take_digits(std::string_view& text, double& scale) {
  double value = 0;
  scale = 1;
  while (!text.empty() && is_digit(text[0])) {
    value = value * 10 + (text[0] - '0');
    scale *= 10;
    text.remove_prefix(1);
  }
  return value;
}

/// One number with its unit, in nanoseconds; a negative value if there is none.
double take_term(std::string_view& text) {
  double whole_scale = 1;
  double fraction_scale = 1;
  double value = take_digits(text, whole_scale);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const double fraction = take_digits(text, fraction_scale);
    value += fraction / fraction_scale;
  }
  const bool has_digits = whole_scale > 1 || fraction_scale > 1;
  for (const Unit& unit : units) {
    if (!has_digits || !text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    return value * static_cast<double>(unit.nanoseconds);
  }
  return -1;
}

}  // namespace

std::optional<std::int64_t> parse_duration_ns(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  double sum = 0;
  while (!text.empty()) {
    const double term = take_term(text);
    if (term < 0) return std::nullopt;
    sum += term;
  }
  if (!(sum < static_cast<double>(std::numeric_limits<std::int64_t>::max()))) return std::nullopt;
  const auto nanoseconds = static_cast<std::int64_t>(std::llround(sum));
  return negative ? -nanoseconds : nanoseconds;
}

}  // namespace strata::dockerfile
