#pragma once
/// What each instruction accepts: flags, number of arguments, form. Nothing is expanded here, so
/// only what is wrong whatever the variables hold is found.

#include <vector>

#include "strata/dockerfile/finding.hpp"

namespace strata::dockerfile {

/// Everything wrong with one instruction, its ONBUILD trigger included. Empty if it may stand.
std::vector<Finding> check_instruction(const Instruction& instruction);

}  // namespace strata::dockerfile
