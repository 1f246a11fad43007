#pragma once
/// The build check UndefinedVar.

#include <vector>

#include "plan/checked_stage.hpp"

namespace strata::plan {

/// Every variable that a text of the instruction asks for and that neither an ENV nor an ARG
/// defines; once for each text that asks.
std::vector<dockerfile::Warning> undefined_variables(const dockerfile::Instruction& instruction,
                                                     const CheckedStage& stage);

}  // namespace strata::plan
