#pragma once
/// Names of containers for people.

#include <string>
#include <string_view>

namespace strata::container {

/// "quiet_basalt": the same for the same id, which is 64 hex digits.
std::string make_name(std::string_view id);

/// Error usage if `name` is not as Docker wants it: a letter or digit, then at least one more of
/// letters, digits, "_", "." and "-".
void check_name(std::string_view name);

}  // namespace strata::container
