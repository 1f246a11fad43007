#pragma once
/// Another program, run to its end for what it prints.

#include <cstddef>
#include <stop_token>
#include <string>

#include "strata/base/child.hpp"

namespace strata {

struct Finished {
  int status = 0;      ///< exit status, or 128 and the number of the signal that ended it
  std::string output;  ///< standard output
  std::string errors;  ///< the last 64 KiB of standard error
};

/// Runs the command as a Child to its end. It ends early, with all its children, when a stop is
/// asked for (Error interrupted) or when it prints more than `output_max` bytes (Error corrupt).
/// Error not_found if there is no such program.
Finished run_command(const Command& command, std::size_t output_max, const std::stop_token& stop);

}  // namespace strata
