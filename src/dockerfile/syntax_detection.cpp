// `detect_syntax`: which frontend a file of any format asks for.
#include <algorithm>

#include "dockerfile/directive_zone.hpp"
#include "dockerfile/unicode.hpp"
#include "strata/base/error.hpp"
#include "strata/base/json.hpp"
#include "strata/dockerfile/parse.hpp"

namespace strata::dockerfile {
namespace {

/// The value up to the first blank: what follows are arguments for the frontend.
std::string first_word(std::string_view value) {
  return std::string(value.substr(0, value.find(' ')));
}

/// Without a byte order mark and a `#!` line.
std::string_view document_part(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (text.starts_with("#!")) text.remove_prefix(std::min(text.find('\n'), text.size()));
  return text;
}

std::optional<std::string> syntax_in_json(std::string_view text) {
  if (!trim_left(text).starts_with('{')) return std::nullopt;
  const json::value document = parse_json(text, "build definition");
  const json::value* syntax = document.as_object().if_contains("syntax");
  if (syntax == nullptr || !syntax->is_string()) return std::nullopt;
  return std::string(syntax->get_string());
}

}  // namespace

std::optional<std::string> detect_syntax(std::string_view text) try {
  for (const std::string_view mark : {"#", "//"}) {
    if (const auto syntax = find_top_directive(text, "syntax", mark)) {
      return first_word(syntax->value);
    }
  }
  return syntax_in_json(document_part(text));
} catch (const Error&) {
  // A file that cannot be read this way asks for nothing; its own parser will say what is wrong.
  return std::nullopt;
}

}  // namespace strata::dockerfile
