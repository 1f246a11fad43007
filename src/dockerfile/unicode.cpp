#include "dockerfile/unicode.hpp"

#include "strata/base/utf8.hpp"

namespace strata::dockerfile {
namespace {

constexpr char32_t stray_byte = 0xDC00;

void append_utf8(std::string& out, char32_t code) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code >= stray_byte && code <= stray_byte + 0xFF) {
    out += static_cast<char>(code - stray_byte);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace

Rune rune_at(std::string_view text, std::size_t position) {
  const Character character = first_character(text.substr(position));
  return {character.code, character.size};
}

bool is_space(char32_t code) {
  if (code < 0x80) return code == ' ' || (code >= '\t' && code <= '\r');
  return code == 0x85 || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) ||
         code == 0x2028 || code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

bool is_name_rune(char32_t code) {
  if (code >= 0x80) return is_foreign_letter(code);
  return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') ||
         (code >= '0' && code <= '9') || code == '_';
}

std::size_t leading_space(std::string_view text) {
  std::size_t position = 0;
  while (position < text.size()) {
    const Rune rune = rune_at(text, position);
    if (!is_space(rune.code)) break;
    position += rune.size;
  }
  return position;
}

std::string_view trim_left(std::string_view text) { return text.substr(leading_space(text)); }

std::string_view trim_space(std::string_view text) {
  text = trim_left(text);
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    while (start > 0 && text.size() - start < 4 && (text[start] & 0xC0) == 0x80) --start;
    const Rune rune = rune_at(text, start);
    if (!is_space(rune.code) || start + rune.size != text.size()) break;
    text.remove_suffix(rune.size);
  }
  return text;
}

std::u32string to_runes(std::string_view text) {
  std::u32string runes;
  runes.reserve(text.size());
  for (std::size_t position = 0; position < text.size();) {
    const Rune rune = rune_at(text, position);
    runes += rune.code;
    position += rune.size;
  }
  return runes;
}

std::string to_utf8(std::u32string_view runes) {
  std::string text;
  text.reserve(runes.size());
  for (const char32_t code : runes) append_utf8(text, code);
  return text;
}

}  // namespace strata::dockerfile
