#pragma once
/// Who the process is and what it may do as that: ids, groups, capabilities.

#include <cstdint>

#include "strata/sandbox/spec.hpp"

namespace strata::sandbox {

/// Capability numbers as bits.
using CapabilitySet = std::uint64_t;

/// Docker's fourteen, or every one the caller has for a privileged process.
CapabilitySet granted_capabilities(bool privileged);

/// Limits what the process and its descendants can ever gain. Nothing becomes inheritable or
/// ambient: a program must get its rights from uid 0 or from its own file.
void limit_capabilities(CapabilitySet granted);

/// Changes to the identity, and to `granted` for uid 0; another uid has none to start with. This
/// cannot be undone.
void assume_identity(const Identity& identity, CapabilitySet granted);

}  // namespace strata::sandbox
