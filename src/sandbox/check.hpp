#pragma once
/// Mistakes in a Spec that the kernel would take for something else.

#include "strata/sandbox/spec.hpp"

namespace strata::sandbox {

/// Throws Error usage for a relative path or a zero byte in a text that goes to the kernel.
void check_spec(const Spec& spec);

}  // namespace strata::sandbox
