#pragma once
/// Heredocs whose terminator is also the name of a file.

#include <string_view>

namespace strata::plan {

/// Throws Error dockerfile if no file can have this name.
void check_heredoc_name(std::string_view name);

}  // namespace strata::plan
