#pragma once
/// The value of RUN --device: a CDI name, and whether the step needs it.

#include <string>
#include <string_view>

namespace strata::dockerfile {

/// The name is `vendor/class` (any one device of that kind), `vendor/class=*` (all of them) or
/// `vendor/class=name`.
struct DeviceSpec {
  std::string name;
  bool required = false;
  bool operator==(const DeviceSpec&) const = default;
};

/// Throws Error dockerfile without a place: malformed CSV, unknown keys, a name that CDI does not
/// allow. Variables are not expanded here.
DeviceSpec parse_device(std::string_view csv);

}  // namespace strata::dockerfile
