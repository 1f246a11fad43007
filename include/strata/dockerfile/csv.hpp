#pragma once
/// One line of comma-separated values, as encoding/csv of Go reads it.

#include <string>
#include <string_view>
#include <vector>

namespace strata::dockerfile {

/// Fields may be in double quotes, where a doubled quote stands for one. Throws Error dockerfile,
/// without a place, for a quote anywhere else.
std::vector<std::string> split_csv(std::string_view line);

}  // namespace strata::dockerfile
