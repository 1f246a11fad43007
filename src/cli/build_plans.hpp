#pragma once
/// From a request to plans, one for each platform.

#include <functional>
#include <string>
#include <vector>

#include "build_request.hpp"
#include "build_source.hpp"
#include "session.hpp"
#include "strata/dockerfile/file.hpp"
#include "strata/plan/make_plan.hpp"

namespace strata::cli {

struct Planned {
  dockerfile::File file;
  plan::Plan plan;
  oci::Platform platform;
  std::optional<Time> epoch;  ///< SOURCE_DATE_EPOCH
};

Planned make_request_plan(const PlanRequest& request, const oci::Platform& platform,
                          BuildSource& source, plan::ImageSource& images);

/// All are planned before the first is built, so that no mistake costs a build.
std::vector<Planned> make_plans(const PlanRequest& request, BuildSource& source,
                                plan::ImageSource& images);

}  // namespace strata::cli
