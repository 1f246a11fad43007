// Dates of HTTP (RFC 9110 §5.6.7), and what they prove.

#include <array>
#include <chrono>

#include "strata/base/text.hpp"
#include "strata/http/client.hpp"

namespace strata::http {

namespace {

/// A server's clock tells seconds, and a file may change twice in one. A minute is the
/// specification's own measure for clocks that disagree.
constexpr std::int64_t settled_after_s = 60;

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<unsigned> find_month(std::string_view name) {
  for (unsigned i = 0; i < months.size(); ++i)
    if (months[i] == name) return i + 1;
  return std::nullopt;
}

/// The decimal number at a place of the text; nothing if it is none or over `most`.
std::optional<int> number_at(std::string_view text, std::size_t place, std::size_t size, int most) {
  const auto number = parse_decimal(text.substr(place, size));
  if (!number || *number > static_cast<std::uint64_t>(most)) return std::nullopt;
  return static_cast<int>(*number);
}

}  // namespace

std::optional<std::int64_t> parse_date(std::string_view text) {
  constexpr std::string_view shape = "Sun, 06 Nov 1994 08:49:37 GMT";
  if (text.size() != shape.size() || !text.ends_with(" GMT") || text.substr(3, 2) != ", ")
    return std::nullopt;
  const auto day = number_at(text, 5, 2, 31);
  const auto month = find_month(text.substr(8, 3));
  const auto year = number_at(text, 12, 4, 9999);
  const auto hour = number_at(text, 17, 2, 23);
  const auto minute = number_at(text, 20, 2, 59);
  const auto second = number_at(text, 23, 2, 60);
  if (!day || !month || !year || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(*month),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return ((days * 24 + *hour) * 60 + *minute) * 60 + *second;
}

std::string strong_validator(const Headers& headers) {
  const std::string* tag = find_header(headers, "etag");
  if (tag != nullptr && tag->starts_with('"')) return *tag;
  const std::string* modified = find_header(headers, "last-modified");
  const std::string* sent = find_header(headers, "date");
  if (modified == nullptr || sent == nullptr) return {};
  const auto modified_s = parse_date(*modified);
  const auto sent_s = parse_date(*sent);
  const bool is_settled = modified_s && sent_s && *sent_s - *modified_s >= settled_after_s;
  return is_settled ? *modified : std::string();
}

}  // namespace strata::http
