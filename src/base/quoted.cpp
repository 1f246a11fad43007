// Showing bytes from outside to people. A terminal acts on control characters in either of their
// encodings (ESC, and the C1 set as U+0080..U+009F), and a reader is deceived by characters that
// turn the direction of text around. Both are shown as escapes, like every byte that is not UTF-8.

#include <algorithm>

#include "strata/base/text.hpp"
#include "strata/base/utf8.hpp"

namespace strata {

namespace {

struct CodeRange {
  char32_t first;
  char32_t last;
};

constexpr CodeRange hidden_ranges[] = {
    {0x00, 0x1f},      // C0 controls
    {0x7f, 0x9f},      // DEL and C1 controls
    {0xad, 0xad},      // soft hyphen
    {0x200b, 0x200f},  // zero-width characters and direction marks
    {0x2028, 0x202e},  // line and paragraph separators, direction overrides
    {0x2060, 0x206f},  // invisible operators, direction isolates
    {0xfeff, 0xfeff},  // byte order mark
    {0xfff9, 0xfffb},  // interlinear annotation
};

bool is_hidden(char32_t code) {
  return std::ranges::any_of(
      hidden_ranges, [&](CodeRange range) { return code >= range.first && code <= range.last; });
}

void append_escaped(std::string& out, std::string_view bytes) {
  for (const char c : bytes) {
    switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += "\\x" + to_hex({&c, 1});
    }
  }
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const Character character = first_character(text);
    const auto bytes = text.substr(0, character.size);
    if (character.is_stray || is_hidden(character.code)) {
      append_escaped(out, bytes);
    } else {
      if (bytes == "\"" || bytes == "\\") out += '\\';
      out += bytes;
    }
    text.remove_prefix(bytes.size());
  }
  out += '"';
  return out;
}

}  // namespace strata
