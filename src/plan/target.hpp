#pragma once
/// Which stages a target needs.

#include <vector>

#include "plan/outline.hpp"

namespace strata::plan {

/// The stage that --target names, by name in any case or index; the last one if it names none.
/// Throws Error not_found.
const dockerfile::Stage& find_target(const dockerfile::Stages& stages, const std::string& target);

/// Outlines of the target and of all that it takes from, in the order of the file. A stage takes
/// only from earlier ones, so this order builds each before those that need it. The other stages
/// are only checked.
std::vector<Outline> needed_stages(const dockerfile::Stage& target, const Sources& sources);

/// Outlines of every stage. Only those that the target needs have their base's triggers.
std::vector<Outline> all_stages(const dockerfile::Stage& target, const Sources& sources);

}  // namespace strata::plan
