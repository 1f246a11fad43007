#pragma once
/// The parser directives at the top of a file: `# key=value`.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "strata/dockerfile/file.hpp"

namespace strata::dockerfile {

/// `key = value` behind a comment mark, if the key is one of the three; without a line.
std::optional<Directive> split_directive(std::string_view text);

/// The directive of this name at the top of a file of any format; a `#!` line may stand before it.
/// Other than the parser this one wants the mark at the very beginning of the line.
std::optional<Directive> find_top_directive(std::string_view text, std::string_view name,
                                            std::string_view comment_mark);

/// Reads comment lines for as long as they are directives. The first line that is not one ends the
/// zone for good.
class DirectiveZone {
 public:
  /// `comment_mark` begins a directive: "#", or "//" in files of other formats.
  explicit DirectiveZone(std::string_view comment_mark = "#") : comment_mark_(comment_mark) {}

  /// The directive in `line`, which has no line end and no leading white space; nothing outside the
  /// zone. Throws Error dockerfile, without a place, for a key given twice or a bad escape.
  std::optional<Directive> read(std::string_view line, int number);

 private:
  std::string_view comment_mark_;
  std::vector<std::string> seen_;
  bool open_ = true;
};

}  // namespace strata::dockerfile
