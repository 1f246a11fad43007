#pragma once
/// The `config` member of an image config, to and from JSON.

#include <array>
#include <string_view>

#include "strata/base/json.hpp"
#include "strata/oci/image_config.hpp"

namespace strata::oci {

RunConfig parse_run_config(const JsonObject& object);

/// In the order of the specification's Go structs, Docker's extensions last.
json::object to_object(const RunConfig& config);

/// The members that `parse_run_config` reads.
bool is_run_config_member(std::string_view key);

}  // namespace strata::oci
