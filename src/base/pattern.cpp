#include "strata/base/pattern.hpp"

#include <cstddef>
#include <optional>

#include "strata/base/utf8.hpp"

namespace strata {

namespace {

/// Takes one character off the front.
char32_t take_character(std::string_view& text) {
  const Character character = first_character(text);
  text.remove_prefix(character.size);
  return character.code;
}

/// One element of a pattern other than `*`.
struct Element {
  bool matches = false;
  std::string_view rest;  ///< the pattern behind it
};

/// One end of a range in brackets; nothing if the pattern breaks off or has a bare `-` or `]`.
std::optional<char32_t> take_range_end(std::string_view& pattern) {
  if (pattern.empty() || pattern.front() == '-' || pattern.front() == ']') return std::nullopt;
  if (pattern.front() == '\\') pattern.remove_prefix(1);
  if (pattern.empty()) return std::nullopt;
  return take_character(pattern);
}

/// `pattern` stands behind the opening bracket. Nothing if it is malformed.
std::optional<Element> match_class(std::string_view pattern, char32_t character) {
  const bool negated = pattern.starts_with('^');
  if (negated) pattern.remove_prefix(1);
  bool found = false;
  for (std::size_t ranges = 0;; ++ranges) {
    if (ranges > 0 && pattern.starts_with(']')) break;
    const auto low = take_range_end(pattern);
    if (!low) return std::nullopt;
    auto high = low;
    if (pattern.starts_with('-')) {
      pattern.remove_prefix(1);
      high = take_range_end(pattern);
      if (!high) return std::nullopt;
    }
    found = found || (*low <= character && character <= *high);
  }
  return Element{found != negated, pattern.substr(1)};
}

/// Matches the element at the front of `pattern`, which is not `*`. Nothing if it is malformed.
std::optional<Element> match_element(std::string_view pattern, char32_t character) {
  const char first = pattern.front();
  if (first == '[') {
    auto element = match_class(pattern.substr(1), character);
    if (element) element->matches = element->matches && character != '/';
    return element;
  }
  if (first == '?') return Element{character != '/', pattern.substr(1)};
  if (first == '\\') pattern.remove_prefix(1);
  if (pattern.empty()) return std::nullopt;
  const char32_t wanted = take_character(pattern);
  return Element{wanted == character, pattern};
}

}  // namespace

bool has_wildcard(std::string_view text) {
  return text.find_first_of("*?[\\") != std::string_view::npos;
}

bool is_pattern(std::string_view pattern) {
  while (!pattern.empty()) {
    if (pattern.front() == '*') {
      pattern.remove_prefix(1);
      continue;
    }
    const auto element = match_element(pattern, 'a');
    if (!element) return false;
    pattern = element->rest;
  }
  return true;
}

bool match_pattern(std::string_view pattern, std::string_view name) {
  if (!is_pattern(pattern)) return false;
  // Where the last star stood: on a mismatch it takes one character more and all behind it is tried
  // again. An earlier star never has to: the last one can take whatever that would have taken, but
  // for a slash, and at a slash every star gives up.
  std::optional<std::string_view> star_pattern;
  std::string_view star_name;
  while (true) {
    if (!pattern.empty() && pattern.front() == '*') {
      pattern.remove_prefix(1);
      star_pattern = pattern;
      star_name = name;
      continue;
    }
    if (!pattern.empty() && !name.empty()) {
      std::string_view behind = name;
      const auto element = match_element(pattern, take_character(behind));
      if (element->matches) {
        // A slash matched: stars before it are done with their component.
        if (name.front() == '/') star_pattern.reset();
        pattern = element->rest;
        name = behind;
        continue;
      }
    }
    if (pattern.empty() && name.empty()) return true;
    if (!star_pattern || star_name.empty() || star_name.front() == '/') return false;
    take_character(star_name);
    pattern = *star_pattern;
    name = star_name;
  }
}

}  // namespace strata
