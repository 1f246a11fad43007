#pragma once
/// Wishes as a member of a container's record.

#include "strata/base/json.hpp"
#include "strata/container/container.hpp"

namespace strata::container {

json::object to_object(const Wishes& wishes);
/// Throws Error corrupt.
Wishes parse_wishes(const JsonObject& object);

json::array to_array(const std::vector<std::string>& texts);

}  // namespace strata::container
