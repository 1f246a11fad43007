#include "dockerfile/continuation.hpp"

#include <optional>

#include "dockerfile/unicode.hpp"

namespace strata::dockerfile {
namespace {

/// The line without its escape character at the end, blanks after that allowed; nothing if the line
/// is not continued. An escape character before the last one makes it an ordinary character.
std::optional<std::string_view> continued_part(std::string_view line, char escape) {
  while (line.ends_with(' ') || line.ends_with('\t')) line.remove_suffix(1);
  if (!line.ends_with(escape)) return std::nullopt;
  line.remove_suffix(1);
  if (line.ends_with(escape)) return std::nullopt;
  return line;
}

}  // namespace

LogicalLine join_continuations(std::string_view first, LineReader& reader, char escape) {
  LogicalLine joined;
  auto part = continued_part(first, escape);
  joined.text = part.value_or(first);
  while (part) {
    const auto next = reader.next();
    if (!next) break;
    const std::string_view line = without_line_end(*next);
    const std::string_view visible = trim_left(line);
    if (visible.starts_with('#')) continue;
    if (visible.empty()) {
      joined.has_blank_line = true;
      continue;
    }
    part = continued_part(line, escape);
    joined.text += part.value_or(line);
  }
  return joined;
}

}  // namespace strata::dockerfile
