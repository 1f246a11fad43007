// The program.

#include "strata/cli/run.hpp"
#include "strata/sandbox/init.hpp"

/// The engine, or, executed by the engine itself, the process that sets sandboxes up.
int main(int argc, char** argv) {
  if (strata::sandbox::is_init_call(argc, argv)) strata::sandbox::init_main();
  return strata::cli::run(argc, argv);
}
