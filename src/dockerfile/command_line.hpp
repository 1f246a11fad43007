#pragma once
/// A logical line taken apart: keyword, flags, rest.

#include <string_view>
#include <vector>

#include "strata/dockerfile/file.hpp"

namespace strata::dockerfile {

struct CommandLine {
  std::string_view keyword;
  std::vector<Flag> flags;
  std::string_view rest;  ///< without white space around it
};

/// Flags are the words right after the keyword that begin with `--`, up to a word `--`.
CommandLine split_command_line(std::string_view line, char escape);

/// The pieces between runs of white space.
std::vector<std::string_view> split_at_space(std::string_view text);

/// Splits at the first run of white space; the second part is empty if there is none.
struct HeadAndRest {
  std::string_view head;
  std::string_view rest;
  bool has_space;
};
HeadAndRest split_head(std::string_view text);

}  // namespace strata::dockerfile
