#pragma once
/// Small work on text: putting pieces together, taking them apart, showing them to people.

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace strata {

namespace detail {
inline void append_part(std::string& out, std::string_view part) { out += part; }
inline void append_part(std::string& out, char part) { out += part; }
template <std::integral Int>
requires(!std::same_as<Int, char> && !std::same_as<Int, bool>) void append_part(std::string& out,
                                                                                Int part) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, part).ptr;
  out.append(digits, end);
}
/// Anything else that names itself through a free function `to_string` found by its type.
template <class T>
requires requires(const T& value) {
  { to_string(value) } -> std::convertible_to<std::string>;
}
void append_part(std::string& out, const T& part) { out += to_string(part); }
}  // namespace detail

/// The parts one after another: text, characters, integers, and types with a `to_string`.
template <class... Parts>
std::string cat(const Parts&... parts) {
  std::string out;
  (detail::append_part(out, parts), ...);
  return out;
}

/// The pieces between separators; "a,,b" has three. An empty text has one empty piece.
std::vector<std::string> split(std::string_view text, char separator);

/// Fields of a line of comma-separated values (RFC 4180): a field in double quotes may hold commas,
/// and quotes written twice. Nothing if a quote is not closed.
std::optional<std::vector<std::string>> split_fields(std::string_view line);

std::string join(const std::vector<std::string>& pieces, std::string_view separator);

/// Without leading and trailing characters of `unwanted`.
std::string_view trim(std::string_view text, std::string_view unwanted = " \t\r\n");

/// ASCII letters only; the other bytes stay.
std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);

/// The text in double quotes with quotes, backslashes and control characters escaped, so that a
/// name from outside cannot break out of a message or drive a terminal.
std::string quoted(std::string_view text);

/// A whole decimal number without sign or blanks; nothing if it is not one or does not fit.
std::optional<std::uint64_t> parse_decimal(std::string_view text);

/// A size as Docker shows it: powers of 1000, three significant digits ("0B", "4.26MB").
std::string human_size(std::uint64_t bytes);

/// A duration as people say it: "850ms", "2.4s", "3m12s".
std::string human_duration(std::uint64_t milliseconds);

/// The candidate nearest to `word` by edit distance, when near enough to be what was meant.
std::optional<std::string> nearest_word(std::string_view word,
                                        const std::vector<std::string>& candidates);

/// `bytes` as lower-case hexadecimal.
std::string to_hex(std::string_view bytes);
/// The bytes behind lower-case hexadecimal; nothing if any character is not one.
std::optional<std::string> from_hex(std::string_view text);

/// `bytes` in base 64 with padding (RFC 4648 §4).
std::string to_base64(std::string_view bytes);
/// The bytes behind base 64, padded or not; nothing for anything else.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace strata
