#include "strata/dockerfile/excerpt.hpp"

#include <algorithm>

#include "strata/base/text.hpp"
#include "strata/base/url.hpp"

namespace strata::dockerfile {
namespace {

constexpr int context_lines = 2;
constexpr int marked_lines_max = 20;
constexpr std::size_t width_max = 200;
constexpr std::string_view rule = "--------------------";

/// What a terminal may be given of a line.
std::string shown(std::string_view line) {
  std::size_t size = line.size();
  if (size > width_max) {
    size = width_max;
    while (size > 0 && (line[size] & 0xC0) == 0x80) --size;  // not within a character
  }
  std::string text(line.substr(0, size));
  for (char& c : text) {
    const bool control = (c >= 0 && c < ' ' && c != '\t') || c == 0x7F;
    if (control) c = '?';
  }
  if (size < line.size()) text += "…";
  return text;
}

std::string numbered(int number, bool marked, std::string_view line) {
  const std::string digits = std::to_string(number);
  const std::string margin(digits.size() < 4 ? 4 - digits.size() : 0, ' ');
  std::string text = cat(margin, digits, " |");
  if (marked) text += " >>>";
  if (!line.empty()) text += cat(marked ? " " : "     ", shown(mask_credentials(line)));
  return text + '\n';
}

std::string_view line_at(std::string_view text) {
  std::string_view line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

std::string excerpt(const File& file, SourceRange lines) {
  if (lines.first_line < 1 || file.text.empty()) return {};
  const int last = std::max(lines.first_line, lines.last_line);
  const int cut = lines.first_line + marked_lines_max;
  std::string out;
  std::string_view rest = file.text;
  for (int number = 1; !rest.empty() && number <= last + context_lines; ++number) {
    const bool marked = number >= lines.first_line && number <= last;
    const bool skipped = number >= cut && number < last;
    if (number >= lines.first_line - context_lines && !skipped) {
      out += numbered(number, marked, line_at(rest));
    } else if (number == cut) {
      out += "     | ...\n";
    }
    rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
  }
  if (out.empty()) return {};
  return cat(rule, "\n", out, rule);
}

}  // namespace strata::dockerfile
