#include "strata/base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace strata {

namespace {

struct Form {
  unsigned char mask;
  unsigned char lead;
  std::size_t size;
  char32_t code_min;  // anything smaller has a shorter form and is not allowed in this one
};

constexpr std::array<Form, 4> forms = {{
    {0x80, 0x00, 1, 0},
    {0xe0, 0xc0, 2, 0x80},
    {0xf0, 0xe0, 3, 0x800},
    {0xf8, 0xf0, 4, 0x10000},
}};

/// How many bytes of ASCII the text begins with, read eight at a time: nearly all text is nothing
/// else.
std::size_t count_ascii(std::string_view text) {
  constexpr std::uint64_t high_bits = 0x8080808080808080;
  std::size_t count = 0;
  for (std::uint64_t word = 0; count + sizeof word <= text.size(); count += sizeof word) {
    std::memcpy(&word, text.data() + count, sizeof word);
    if ((word & high_bits) != 0) break;
  }
  while (count < text.size() && static_cast<unsigned char>(text[count]) < 0x80) ++count;
  return count;
}

}  // namespace

Character first_character(std::string_view text) {
  const auto byte_at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const Character stray{0xdc00 + static_cast<char32_t>(byte_at(0)), 1, true};
  const auto form =
      std::ranges::find_if(forms, [&](const Form& f) { return (byte_at(0) & f.mask) == f.lead; });
  if (form == forms.end() || text.size() < form->size) return stray;
  auto code = static_cast<char32_t>(byte_at(0) & ~form->mask);
  for (std::size_t i = 1; i < form->size; ++i) {
    if ((byte_at(i) & 0xc0) != 0x80) return stray;
    code = code << 6 | (byte_at(i) & 0x3f);
  }
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < form->code_min || code > 0x10ffff || surrogate) return stray;
  return {code, form->size, false};
}

std::string valid_utf8(std::string_view text) {
  std::string valid;
  for (;;) {
    const std::size_t ascii = count_ascii(text);
    valid += text.substr(0, ascii);
    text.remove_prefix(ascii);
    if (text.empty()) return valid;
    const Character character = first_character(text);
    valid += character.is_stray ? std::string_view("\xef\xbf\xbd") : text.substr(0, character.size);
    text.remove_prefix(character.size);
  }
}

}  // namespace strata
