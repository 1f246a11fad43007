#pragma once
/// The physical lines of a text.

#include <optional>
#include <string_view>

namespace strata::dockerfile {

/// Hands out one line after the other, line ends included. A byte order mark is skipped. The text
/// must outlive it.
class LineReader {
 public:
  explicit LineReader(std::string_view text);

  /// The next line, or nothing at the end. Throws Error dockerfile, without a place, for a line
  /// longer than `line_size_max`; `number` is then that line's.
  std::optional<std::string_view> next();

  /// Of the line handed out last; 0 before the first.
  int number() const { return number_; }

 private:
  std::string_view rest_;
  int number_ = 0;
};

/// Without carriage returns and newlines at the end.
std::string_view without_line_end(std::string_view line);

}  // namespace strata::dockerfile
