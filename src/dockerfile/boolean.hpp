#pragma once
/// Truth values as Go reads them.

#include <optional>
#include <string_view>

namespace strata::dockerfile {

/// 1, t, T, true, True, TRUE, or the same for false; nothing for any other text.
std::optional<bool> parse_boolean(std::string_view text);

}  // namespace strata::dockerfile
