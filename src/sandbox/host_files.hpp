#pragma once
/// The two files that tell a process how names become addresses.

#include <string>

#include "strata/sandbox/spec.hpp"

namespace strata::sandbox {

/// The engine's own /etc/resolv.conf, loopback servers included as they are reachable through the
/// same network; nothing without a network.
std::string make_resolv_conf(const Spec& spec);

/// localhost, the sandbox's own name, and the names asked for.
std::string make_hosts(const Spec& spec);

}  // namespace strata::sandbox
