#include "dockerfile/string_array.hpp"

#include "strata/base/error.hpp"
#include "strata/base/json.hpp"
#include "strata/base/utf8.hpp"

namespace strata::dockerfile {
namespace {

/// A stray byte is no reason to take a command for a shell's: JSON reads U+FFFD in its place.
std::optional<json::value> find_json(std::string_view text) try {
  return parse_json(valid_utf8(text), "arguments");
} catch (const Error&) {
  return std::nullopt;
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
