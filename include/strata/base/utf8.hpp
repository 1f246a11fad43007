#pragma once
/// UTF-8 in bytes that may not be: a byte that begins no character (RFC 3629: no overlong forms, no
/// surrogates, nothing above U+10FFFF) is a character of its own, and said to be stray.

#include <cstddef>
#include <string>
#include <string_view>

namespace strata {

struct Character {
  char32_t code = 0;     ///< for a stray byte 0xDC00 + its value, which no character has
  std::size_t size = 1;  ///< bytes it takes
  bool is_stray = false;
};

/// `text` is not empty.
Character first_character(std::string_view text);

/// The text with U+FFFD for every stray byte: for documents that must be UTF-8.
std::string valid_utf8(std::string_view text);

}  // namespace strata
