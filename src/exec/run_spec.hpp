#pragma once
/// RUN as the sandbox wants it said: numbers for names, the environment complete, the script as a
/// mount. The root file system is the caller's to add.

#include "strata/exec/users.hpp"
#include "strata/plan/step.hpp"
#include "strata/sandbox/spec.hpp"

namespace strata::exec {

sandbox::Spec make_spec(const plan::RunProcess& step, const ResolvedUser& user);

}  // namespace strata::exec
