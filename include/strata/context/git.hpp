#pragma once
/// git as a child that reads nobody's configuration, asks nobody, and runs no hook and no helper.

#include <stop_token>
#include <string>
#include <vector>

#include "strata/base/process.hpp"

namespace strata::context {

/// Runs git with these words in a directory of the host. `environment` has what the caller lets
/// through, PATH at least. Errors as run_command's; that git failed is no error here.
Finished run_git(const std::vector<std::string>& words, std::vector<std::string> environment,
                 const std::string& directory, const std::stop_token& stop);

}  // namespace strata::context
