#include "dockerfile/directive_zone.hpp"

#include <algorithm>
#include <array>

#include "dockerfile/line_reader.hpp"
#include "dockerfile/unicode.hpp"
#include "strata/base/error.hpp"

namespace strata::dockerfile {
namespace {

constexpr std::array<std::string_view, 3> known_keys = {"syntax", "escape", "check"};
constexpr std::string_view blanks = " \t\n\f\r";

bool is_key(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !text.empty() && letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || is_digit(c); });
}

}  // namespace

std::optional<Directive> split_directive(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const std::string_view key = trim(text.substr(0, equals), blanks);
  const std::string_view rest = text.substr(equals + 1);
  std::string_view value = trim(rest, blanks);
  if (value.empty() && !rest.empty()) value = rest.substr(rest.size() - 1);  // a blank, then
  if (!is_key(key) || value.empty()) return std::nullopt;
  Directive directive{to_lower(key), std::string(value), 0};
  const bool known =
      std::find(known_keys.begin(), known_keys.end(), directive.name) != known_keys.end();
  return known ? std::optional(directive) : std::nullopt;
}

std::optional<Directive> find_top_directive(std::string_view text, std::string_view name,
                                            std::string_view comment_mark) {
  LineReader reader(text);
  DirectiveZone zone(comment_mark);
  while (const auto next = reader.next()) {
    const std::string_view line = without_line_end(*next);
    if (reader.number() == 1 && line.starts_with("#!")) continue;
    auto directive = zone.read(line, reader.number());
    if (!directive) break;
    if (directive->name == name) return directive;
  }
  return std::nullopt;
}

std::optional<Directive> DirectiveZone::read(std::string_view line, int number) {
  if (!open_) return std::nullopt;
  std::optional<Directive> directive;
  if (line.starts_with(comment_mark_)) {
    directive = split_directive(trim_left(line.substr(comment_mark_.size())));
  }
  if (!directive) {
    open_ = false;
    return std::nullopt;
  }
  directive->line = number;
  if (std::find(seen_.begin(), seen_.end(), directive->name) != seen_.end()) {
    fail(ErrorKind::dockerfile, "only one ", directive->name, " parser directive can be used");
  }
  if (directive->name == "escape" && directive->value != "\\" && directive->value != "`") {
    fail(ErrorKind::dockerfile, "invalid escape token ", quoted(directive->value),
         ": expected ` or \\");
  }
  seen_.push_back(directive->name);
  return directive;
}

}  // namespace strata::dockerfile
