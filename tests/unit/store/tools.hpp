#pragma once
/// Foreign tools as oracles. A test that needs one that is not installed says so and passes.

#include <stdlib.h>
#include <unistd.h>

#include <string>

#include "strata/base/text.hpp"

namespace strata::store {

inline bool has_tool(const std::string& name) {
  for (const std::string& folder : split(std::getenv("PATH") ? std::getenv("PATH") : "", ':')) {
    if (::access((folder + "/" + name).c_str(), X_OK) == 0) return true;
  }
  return false;
}

/// True if the command line ends with status 0; what it prints goes to `log`.
inline bool run_shell(const std::string& command_line, const std::string& log = "/dev/null") {
  return std::system(("{ " + command_line + "; } >" + log + " 2>&1 </dev/null").c_str()) == 0;
}

}  // namespace strata::store
