#pragma once
/// Durations in Go's syntax, as HEALTHCHECK takes them: "1m30s", "1.5h", "500ms", "0".

#include <cstdint>
#include <optional>
#include <string_view>

namespace strata::dockerfile {

/// Nanoseconds, possibly negative; nothing if the text is not a duration or does not fit.
std::optional<std::int64_t> parse_duration_ns(std::string_view text);

}  // namespace strata::dockerfile
