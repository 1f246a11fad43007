#pragma once
/// Logical lines: physical lines joined where one ends in the escape character.

#include <string>
#include <string_view>

#include "dockerfile/line_reader.hpp"

namespace strata::dockerfile {

struct LogicalLine {
  std::string text;
  bool has_blank_line = false;  ///< an empty line stood between its parts
};

/// Joins to `first`, which has lost its line end and leading white space, the lines of `reader`
/// that continue it. Comment lines between are dropped, blank ones skipped.
LogicalLine join_continuations(std::string_view first, LineReader& reader, char escape);

}  // namespace strata::dockerfile
