#pragma once
/// RUN --device: devices by the names that vendors gave them in specifications of the Container
/// Device Interface (CDI), JSON files in directories of the host.

#include <span>
#include <string>
#include <vector>

#include "strata/plan/step.hpp"
#include "strata/sandbox/spec.hpp"

namespace strata::exec {

/// Adds nodes, mounts and variables of the devices to `spec`. What a later directory says of a name
/// counts. Devices that are not there are passed over, but if they are required: Error not_found.
/// Error usage for a device that wants programs run on the host (hooks), which none is.
void add_devices(std::span<const plan::Device> devices, const std::vector<std::string>& directories,
                 sandbox::Spec& spec);

}  // namespace strata::exec
