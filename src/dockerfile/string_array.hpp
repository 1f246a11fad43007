#pragma once
/// The JSON form of arguments.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace strata::dockerfile {

/// The elements of a JSON array of strings; nothing if the text is not a JSON array, because it is
/// then a text for the shell. Throws Error dockerfile for a JSON array of anything else.
std::optional<std::vector<std::string>> find_string_array(std::string_view text);

}  // namespace strata::dockerfile
