#pragma once
/// RUN --mount and --device: from the words of the instruction to what the step needs.

#include "plan/stage_planner.hpp"

namespace strata::plan {

/// Fills in the mounts and the devices, and SSH_AUTH_SOCK in the environment for the first agent.
void plan_mounts(RunProcess& run, StagePlanner& stage, const dockerfile::Instruction& instruction);

/// Reports everything that the step needs and that the user has not granted.
void check_grants(const RunProcess& run, StagePlanner& stage);

}  // namespace strata::plan
