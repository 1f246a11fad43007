#pragma once
/// A plan for people and programs to look at: `strata plan --format text|json|dot`.

#include <string>

#include "strata/plan/plan.hpp"

namespace strata::plan {

std::string to_text(const Plan& plan);
std::string to_json(const Plan& plan);
/// Graphviz: stages as boxes, FROM, COPY --from and RUN --mount=from as arrows.
std::string to_dot(const Plan& plan);

}  // namespace strata::plan
