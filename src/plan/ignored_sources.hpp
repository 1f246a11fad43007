#pragma once
/// The build check CopyIgnoredFile.

#include <vector>

#include "plan/checked_stage.hpp"

namespace strata::plan {

/// Sources of a COPY or ADD from the context that its ignore file keeps out. An ignore file with
/// exceptions (`!`) is not judged: what it keeps out is known only with the files at hand.
std::vector<dockerfile::Warning> ignored_sources(const dockerfile::Instruction& instruction,
                                                 const CheckedStage& stage);

}  // namespace strata::plan
