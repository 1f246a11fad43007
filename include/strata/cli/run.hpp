#pragma once
/// The program: command lines in, exit status out.

namespace strata::cli {

/// Does what the command line says and returns the exit status (base/error.hpp, exit_code). Results
/// go to standard output; progress, notes and errors to standard error. Throws nothing.
int run(int argc, const char* const* argv);

}  // namespace strata::cli
