#pragma once
/// UTF-8 as the language sees it: blanks and letters beyond ASCII count. Bytes that are not UTF-8
/// are characters of their own that are neither.

#include <cstddef>
#include <string>
#include <string_view>

namespace strata::dockerfile {

struct Rune {
  char32_t code = 0;     ///< 0xDC00 + byte for a byte that is not UTF-8
  std::size_t size = 1;  ///< bytes it takes
};

/// `position` is inside the text.
Rune rune_at(std::string_view text, std::size_t position);

/// White_Space as Go's unicode.IsSpace has it.
bool is_space(char32_t code);
/// May stand in a variable's name: letter, digit or underscore.
bool is_name_rune(char32_t code);
/// A letter or digit beyond ASCII.
bool is_foreign_letter(char32_t code);
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Bytes of the white space at the beginning of the text.
std::size_t leading_space(std::string_view text);
std::string_view trim_left(std::string_view text);
/// Both ends.
std::string_view trim_space(std::string_view text);

/// One element per character; `to_utf8` gives back the very same bytes.
std::u32string to_runes(std::string_view text);
std::string to_utf8(std::u32string_view runes);

}  // namespace strata::dockerfile
