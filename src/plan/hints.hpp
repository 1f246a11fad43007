#pragma once
/// Advice beyond the build checks, on what makes images large and builds unlike each other.

#include <vector>

#include "plan/checked_stage.hpp"

namespace strata::plan {

std::vector<dockerfile::Warning> hints_of_base(const Outline& outline);

/// Of one instruction of a stage, which has not taken its effect yet.
std::vector<dockerfile::Warning> hints_in_stage(const dockerfile::Instruction& instruction,
                                                const CheckedStage& stage);

}  // namespace strata::plan
