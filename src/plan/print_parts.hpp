#pragma once
/// What all forms of a printed plan say in the same words.

#include <string>
#include <string_view>

#include "strata/plan/plan.hpp"

namespace strata::plan {

/// "scratch", "image busybox", "stage build".
std::string base_text(const Plan& plan, const Base& base);
/// "context", "context NAME", "stage build", "image busybox".
std::string origin_text(const Plan& plan, const Origin& origin);
/// "default", "none", "host".
std::string_view network_name(RunProcess::Network network);
/// "shared", "private", "locked".
std::string_view sharing_name(CacheMount::Sharing sharing);
/// The names of NAME=value variables.
std::vector<std::string> variable_names(const std::vector<std::string>& variables);

}  // namespace strata::plan
