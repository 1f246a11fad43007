#pragma once
/// What lies in the process's /dev.

#include <vector>

#include "strata/base/root.hpp"
#include "strata/sandbox/spec.hpp"

namespace strata::sandbox {

/// Makes nodes, links and mount points in a fresh, empty tmpfs that is to be /dev; `more` are the
/// devices that every process does not have.
void make_devices(const Root& dev, const std::vector<Device>& more);

}  // namespace strata::sandbox
