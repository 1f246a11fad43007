#pragma once
/// The forms of arguments: which instruction has which, and how each is read.

#include <string_view>

#include "strata/dockerfile/file.hpp"

namespace strata::dockerfile {

// ONBUILD ONBUILD is refused later; a tower of them must not use up the stack before that.
inline constexpr int trigger_depth_max = 8;

/// One logical line as an instruction, without lines, comments and heredocs. Throws Error
/// dockerfile without a place. `depth` counts the ONBUILDs around it.
Instruction read_instruction(std::string_view line, char escape, int depth = 0);

}  // namespace strata::dockerfile
