#include "dockerfile/line_reader.hpp"

#include "strata/base/error.hpp"
#include "strata/dockerfile/parse.hpp"

namespace strata::dockerfile {

LineReader::LineReader(std::string_view text) : rest_(text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
}

std::optional<std::string_view> LineReader::next() {
  if (rest_.empty()) return std::nullopt;
  ++number_;
  const std::size_t newline = rest_.find('\n');
  const std::size_t size = newline == std::string_view::npos ? rest_.size() : newline;
  if (size > line_size_max) {
    fail(ErrorKind::dockerfile, "dockerfile line greater than maximum allowed size: ", size,
         " bytes, at most ", line_size_max, " are allowed; break it with continuations");
  }
  const std::string_view line =
      rest_.substr(0, newline == std::string_view::npos ? size : size + 1);
  rest_.remove_prefix(line.size());
  return line;
}

std::string_view without_line_end(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace strata::dockerfile
