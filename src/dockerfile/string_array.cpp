#include "dockerfile/string_array.hpp"

#include <boost/json/parse.hpp>
#include <charconv>

#include "strata/base/error.hpp"
#include "strata/base/json.hpp"
#include "strata/base/utf8.hpp"

namespace strata::dockerfile {
namespace {

/// The code unit of `\uXXXX` at the beginning of a text.
std::optional<unsigned> find_unit(std::string_view text) {
  if (text.size() < 6 || !text.starts_with("\\u")) return std::nullopt;
  unsigned unit = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, unit, 16);
  if (error != std::errc() || end != text.data() + 6) return std::nullopt;
  return unit;
}

bool is_surrogate(unsigned unit) { return unit >= 0xD800 && unit < 0xE000; }

/// Half of a surrogate pair without the other half is read as U+FFFD too.
std::string without_lone_surrogates(std::string text) {
  constexpr unsigned low_min = 0xDC00;
  for (auto at = text.find('\\'); at != text.npos; at = text.find('\\', at)) {
    const std::string_view rest = std::string_view(text).substr(at);
    const auto unit = find_unit(rest);
    if (!unit || !is_surrogate(*unit)) {
      at += 2;
      continue;
    }
    const auto next = find_unit(rest.substr(6));
    const bool is_pair = *unit < low_min && next && is_surrogate(*next) && *next >= low_min;
    if (!is_pair) text.replace(at + 2, 4, "FFFD");
    at += is_pair ? 12 : 6;
  }
  return text;
}

/// A stray byte is no reason to take a command for a shell's: JSON reads U+FFFD in its place. Nor
/// is a key given twice: an object is refused anyway.
std::optional<json::value> find_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = 1000;
  json::error_code code;
  json::value document =
      json::parse(without_lone_surrogates(valid_utf8(text)), code, json::storage_ptr(), options);
  if (code) return std::nullopt;
  return document;
}

}  // namespace

std::optional<std::vector<std::string>> find_string_array(std::string_view text) {
  // Most texts for a shell do not end so: it saves them the attempt.
  if (!text.starts_with('[') || !text.ends_with(']')) return std::nullopt;
  const auto document = find_json(text);
  if (!document) return std::nullopt;
  std::vector<std::string> strings;
  for (const json::value& element : document->get_array()) {
    if (!element.is_string()) {
      fail(ErrorKind::dockerfile,
           "when using JSON array syntax, arrays must be comprised of strings only; found ",
           to_text(element));
    }
    strings.emplace_back(element.get_string());
  }
  return strings;
}

}  // namespace strata::dockerfile
