#pragma once
/// Finding and becoming the program, from inside the sandbox's root.

#include <string>
#include <vector>

namespace strata::sandbox {

inline constexpr int exit_not_found = 127;
inline constexpr int exit_not_executable = 126;

/// Replaces the process by argv[0], looked up along PATH of `env` if it has no slash. If that
/// cannot be, says why and what was tried on standard error and ends with 127 or 126 as a shell
/// would.
[[noreturn]] void execute(const std::vector<std::string>& argv,
                          const std::vector<std::string>& env);

}  // namespace strata::sandbox
