#include "content/pax.hpp"

#include <algorithm>
#include <limits>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata {

namespace {

std::size_t decimal_digits(std::size_t value) { return std::to_string(value).size(); }

bool is_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

void append_pax_record(std::string& out, std::string_view key, std::string_view value) {
  const std::size_t rest = key.size() + value.size() + 3;  // blank, "=", newline
  // The length counts its own digits, which one more of them may make one more.
  std::size_t size = rest + decimal_digits(rest);
  if (decimal_digits(size) != decimal_digits(rest)) size = rest + decimal_digits(size);
  out += cat(size, ' ', key, '=', value, '\n');
}

void for_each_pax_record(std::string_view records,
                         const std::function<void(std::string_view, std::string_view)>& take) {
  while (!records.empty()) {
    const auto blank = records.find(' ');
    const auto size = parse_decimal(records.substr(0, std::min<std::size_t>(blank, 20)));
    if (blank == records.npos || !size || *size > records.size() || *size <= blank + 1 ||
        records[*size - 1] != '\n')
      fail(ErrorKind::corrupt,
           "a pax header has a malformed record: ", quoted(records.substr(0, 40)));
    const std::string_view record = records.substr(blank + 1, *size - blank - 2);
    const auto equals = record.find('=');
    if (equals == record.npos || equals == 0)
      fail(ErrorKind::corrupt, "a pax record has no keyword: ", quoted(record.substr(0, 40)));
    take(record.substr(0, equals), record.substr(equals + 1));
    records.remove_prefix(*size);
  }
}

std::optional<std::int64_t> parse_pax_time(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  const auto point = std::min(text.find('.'), text.size());
  const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  const auto seconds = parse_decimal(text.substr(0, point));
  if (!seconds || !is_digits(fraction)) return std::nullopt;
  if (*seconds >= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return std::nullopt;
  const auto whole = static_cast<std::int64_t>(*seconds);
  if (!is_negative) return whole;
  return fraction.find_first_not_of('0') == fraction.npos ? -whole : -whole - 1;
}

}  // namespace strata
