#pragma once
/// The build checks of the instructions of a stage.

#include <vector>

#include "plan/checked_stage.hpp"

namespace strata::plan {

/// What is found in one instruction of a stage, which has not taken its effect yet. An ARG has one
/// name, since each of its names sees those before it.
std::vector<dockerfile::Warning> check_in_stage(const dockerfile::Instruction& instruction,
                                                const CheckedStage& stage);

}  // namespace strata::plan
