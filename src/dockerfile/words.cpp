#include "strata/dockerfile/words.hpp"

#include <utility>

#include "dockerfile/expansion.hpp"
#include "dockerfile/unicode.hpp"
#include "strata/base/error.hpp"

namespace strata::dockerfile {
namespace {

std::string shortened(std::string_view text) {
  constexpr std::size_t shown_max = 80;
  if (text.size() <= shown_max) return quoted(text);
  return quoted(text.substr(0, shown_max)) + "…";
}

}  // namespace

Expander::Expander(Environment environment, char escape)
    : environment_(std::move(environment)), escape_(escape) {}

Expanded Expander::expand_text(std::string_view text, char escape, bool quotes_are_text) {
  const Environment noting = [this](std::string_view name) {
    auto value = environment_ ? environment_(name) : std::nullopt;
    (value ? used_ : unset_).emplace(name);
    return value;
  };
  ExpansionStyle style;
  style.quotes_are_text = quotes_are_text;
  style.pattern_work = &pattern_work_;
  try {
    return expand(text, escape, style, noting);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::dockerfile) throw;
    fail(ErrorKind::dockerfile, "failed to process ", shortened(text), ": ", error.message());
  }
}

std::string Expander::word(std::string_view text) { return expand_text(text, escape_, false).text; }

std::vector<std::string> Expander::words(std::string_view text) {
  return expand_text(text, escape_, false).words;
}

std::string Expander::document(std::string_view text) { return expand_text(text, '\\', true).text; }

}  // namespace strata::dockerfile
