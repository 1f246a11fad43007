#pragma once
/// The build checks of the Dockerfile of a request: alone (`build --check`), and before a build.

#include "build_request.hpp"
#include "build_source.hpp"
#include "strata/build/events.hpp"
#include "strata/dockerfile/file.hpp"

namespace strata::cli {

/// Prints what is found in the whole file, and builds nothing. Returns the exit status: 3 if
/// anything is found that is more than a hint, or if the file cannot be built.
int run_check(const BuildRequest& request, BuildSource& source, Session& session);

/// Tells `observer` what is found in the stages that will be built. Throws Error dockerfile if the
/// file says that warnings are errors.
void warn_before_build(const dockerfile::File& file, const BuildRequest& request,
                       BuildSource& source, Session& session, build::Observer& observer);

}  // namespace strata::cli
