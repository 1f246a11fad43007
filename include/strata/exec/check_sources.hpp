#pragma once
/// What is known of a step's files before any step runs.

#include <vector>

#include "strata/base/error.hpp"
#include "strata/content/file_origin.hpp"
#include "strata/exec/operation.hpp"
#include "strata/plan/step.hpp"

namespace strata::exec {

/// All that is wrong with the sources, in their order: Error not_found for one that `origin`, the
/// step's, does not have, Error dockerfile for a pattern that cannot be read. `prepare` would throw
/// the first of them.
std::vector<Error> check_sources(const plan::CopyFiles& copy, const FileOrigin& origin);

/// The same of a RUN's mounts, but for those of stages, which nobody has built yet.
std::vector<Error> check_sources(const plan::RunProcess& run, const FindOrigin& find_origin);

}  // namespace strata::exec
