#pragma once
/// What lies in the process's /dev.

#include "strata/base/root.hpp"

namespace strata::sandbox {

/// Makes nodes, links and mount points in a fresh, empty tmpfs that is to be /dev.
void make_devices(const Root& dev);

}  // namespace strata::sandbox
