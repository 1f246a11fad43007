#pragma once
/// Points in time and their RFC 3339 form.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace strata {

/// Nanoseconds since 1970-01-01T00:00:00Z.
using Time = std::chrono::sys_time<std::chrono::nanoseconds>;

Time now();
Time from_unix_seconds(std::int64_t seconds);
std::int64_t to_unix_seconds(Time time);

/// "2026-01-02T03:04:05.123456789Z"; the fraction is left out when it is zero.
std::string rfc3339(Time time);

/// Throws Error corrupt if the text is no RFC 3339 date-time. Any offset is accepted.
Time parse_rfc3339(std::string_view text);

/// How long ago, as Docker says it: "3 minutes ago", "2 weeks ago".
std::string human_age(Time then, Time now);

}  // namespace strata
