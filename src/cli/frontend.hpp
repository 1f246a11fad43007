#pragma once
/// The frontend image that a Dockerfile may ask for. Strata reads the language itself and runs no
/// program that a file names, so the wish is heard and no more.

#include <optional>
#include <string>

#include "strata/dockerfile/file.hpp"
#include "strata/plan/make_plan.hpp"

namespace strata::cli {

/// What to warn of if `# syntax=`, or the build argument BUILDKIT_SYNTAX before it, names another
/// frontend than docker/dockerfile in any of its versions.
std::optional<std::string> frontend_warning(const dockerfile::File& file,
                                            const plan::Options& options);

}  // namespace strata::cli
