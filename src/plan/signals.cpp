#include "plan/signals.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "strata/base/text.hpp"

namespace strata::plan {

namespace {

constexpr std::uint64_t signal_max = 64;
/// The names between RTMIN and RTMAX are halved between the two.
constexpr std::uint64_t after_rtmin_max = 15;
constexpr std::uint64_t before_rtmax_max = 14;

constexpr std::array<std::string_view, 34> names = {
    "ABRT", "ALRM",   "BUS",  "CHLD",   "CLD",   "CONT", "FPE",  "HUP",  "ILL",
    "INT",  "IO",     "IOT",  "KILL",   "PIPE",  "POLL", "PROF", "PWR",  "QUIT",
    "SEGV", "STKFLT", "STOP", "SYS",    "TERM",  "TRAP", "TSTP", "TTIN", "TTOU",
    "URG",  "USR1",   "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ"};

/// "RTMIN", "RTMIN+1" to "RTMIN+15", "RTMAX-14" to "RTMAX".
bool is_real_time_name(std::string_view name) {
  const bool from_start = name.substr(0, 5) == "RTMIN";
  if (!from_start && name.substr(0, 5) != "RTMAX") return false;
  if (name.size() == 5) return true;
  if (name[5] != (from_start ? '+' : '-')) return false;
  const auto distance = parse_decimal(name.substr(6));
  return distance && *distance >= 1 &&
         *distance <= (from_start ? after_rtmin_max : before_rtmax_max);
}

}  // namespace

bool is_signal(std::string_view text) {
  if (const auto number = parse_decimal(text)) return *number >= 1 && *number <= signal_max;
  const std::string upper = to_upper(text);
  std::string_view name = upper;
  if (name.substr(0, 3) == "SIG") name.remove_prefix(3);
  return std::find(names.begin(), names.end(), name) != names.end() || is_real_time_name(name);
}

}  // namespace strata::plan
