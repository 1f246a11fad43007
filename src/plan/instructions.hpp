#pragma once
/// One planner for each instruction of a stage. Each reads the instruction, changes the stage's
/// state and adds the step; what is wrong it throws as Error dockerfile without a place.

#include "plan/stage_planner.hpp"

namespace strata::plan {

using InstructionPlanner = void (*)(StagePlanner& stage,
                                    const dockerfile::Instruction& instruction);

/// The planner of an instruction. FROM has none: null.
InstructionPlanner planner_of(dockerfile::Keyword keyword);

// How the process of the image is run: command.cpp.
void plan_cmd(StagePlanner& stage, const dockerfile::Instruction& instruction);
void plan_entrypoint(StagePlanner& stage, const dockerfile::Instruction& instruction);
void plan_shell(StagePlanner& stage, const dockerfile::Instruction& instruction);
void plan_healthcheck(StagePlanner& stage, const dockerfile::Instruction& instruction);
void plan_stopsignal(StagePlanner& stage, const dockerfile::Instruction& instruction);
void plan_user(StagePlanner& stage, const dockerfile::Instruction& instruction);
void plan_workdir(StagePlanner& stage, const dockerfile::Instruction& instruction);

// What the image says of itself: metadata.cpp.
void plan_arg(StagePlanner& stage, const dockerfile::Instruction& instruction);
void plan_env(StagePlanner& stage, const dockerfile::Instruction& instruction);
void plan_expose(StagePlanner& stage, const dockerfile::Instruction& instruction);
void plan_label(StagePlanner& stage, const dockerfile::Instruction& instruction);
void plan_maintainer(StagePlanner& stage, const dockerfile::Instruction& instruction);
void plan_onbuild(StagePlanner& stage, const dockerfile::Instruction& instruction);
void plan_volume(StagePlanner& stage, const dockerfile::Instruction& instruction);

// What makes files: copy.cpp, run.cpp.
void plan_add(StagePlanner& stage, const dockerfile::Instruction& instruction);
void plan_copy(StagePlanner& stage, const dockerfile::Instruction& instruction);
void plan_run(StagePlanner& stage, const dockerfile::Instruction& instruction);

}  // namespace strata::plan
