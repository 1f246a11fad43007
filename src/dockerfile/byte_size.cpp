#include "strata/dockerfile/byte_size.hpp"

#include <charconv>
#include <string>

#include "strata/base/text.hpp"

namespace strata::dockerfile {
namespace {

/// 1 for no unit or "b", 1024 for "k", "kb" and "kib", and so on; 0 for an unknown unit.
double unit_of(std::string_view text) {
  constexpr std::string_view prefixes = "kmgtp";
  const std::string unit = to_lower(text);
  if (unit.empty() || unit == "b") return 1;
  const std::size_t prefix = prefixes.find(unit[0]);
  const std::string rest = unit.substr(1);
  if (prefix == std::string_view::npos || !(rest.empty() || rest == "b" || rest == "ib")) return 0;
  double factor = 1024;
  for (std::size_t i = 0; i < prefix; ++i) factor *= 1024;
  return factor;
}

}  // namespace

std::optional<std::uint64_t> parse_byte_size(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
  double number = 0;
  const auto end = text.data() + digits;
  const auto result = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  text.remove_prefix(digits);
  if (text.starts_with(' ')) text.remove_prefix(1);
  const double bytes = number * unit_of(text);
  if (unit_of(text) == 0 || !(bytes < 9.2e18)) return std::nullopt;
  return static_cast<std::uint64_t>(bytes);
}

}  // namespace strata::dockerfile
