#pragma once
/// The records of a pax extended header (POSIX.1-2001, pax, "Extended Header"): "LENGTH
/// KEY=VALUE\n" with LENGTH counting the whole record, itself included.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace strata {

inline constexpr std::string_view pax_xattr_prefix = "SCHILY.xattr.";

/// Appends one record.
void append_pax_record(std::string& out, std::string_view key, std::string_view value);

/// Calls `take` for each record. Throws Error corrupt if the text is not made of whole records.
void for_each_pax_record(std::string_view records,
                         const std::function<void(std::string_view, std::string_view)>& take);

/// Seconds since 1970 with or without a fraction, rounded down; nothing if it is no such number.
std::optional<std::int64_t> parse_pax_time(std::string_view text);

}  // namespace strata
