// `detect_syntax`: which frontend a file of any format asks for.
#include "dockerfile/directive_zone.hpp"
#include "dockerfile/line_reader.hpp"
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

std::optional<std::string> syntax_in_comments(std::string_view text, std::string_view mark) {
  DirectiveZone zone(mark);
  LineReader reader(text);
  while (const auto line = reader.next()) {
    const auto directive = zone.read(without_line_end(*line), reader.number());
    if (!directive) break;
    if (directive->name == "syntax") return first_word(directive->value);
  }
  return std::nullopt;
}

std::optional<std::string> syntax_in_json(std::string_view text) {
  if (!trim_left(text).starts_with('{')) return std::nullopt;
  const json::value document = parse_json(text, "build definition");
  const json::value* syntax = document.as_object().if_contains("syntax");
  if (syntax == nullptr || !syntax->is_string()) return std::nullopt;
  return std::string(syntax->get_string());
}

std::string_view without_first_line(std::string_view text) {
  const std::size_t newline = text.find('\n');
  return newline == std::string_view::npos ? std::string_view() : text.substr(newline + 1);
}

}  // namespace

std::optional<std::string> detect_syntax(std::string_view text) try {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (text.starts_with("#!")) text = without_first_line(text);
  for (const std::string_view mark : {"#", "//"}) {
    if (auto syntax = syntax_in_comments(text, mark)) return syntax;
  }
  return syntax_in_json(text);
} catch (const Error&) {
  // A file that cannot be read this way asks for nothing; its own parser will say what is wrong.
  return std::nullopt;
}

}  // namespace strata::dockerfile
