#pragma once
/// What can be known of a plan's steps by looking at the files they take, before any of them runs:
/// nobody waits for a long RUN to hear of a misspelt COPY.

#include "origins.hpp"
#include "strata/plan/plan.hpp"

namespace strata::build {

/// Opens the contexts and images that steps take files from; what stages leave is not known yet.
/// Throws PlanError.
void check_sources(const plan::Plan& plan, Origins& origins);

}  // namespace strata::build
