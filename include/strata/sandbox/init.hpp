#pragma once
/// The program's other life: the engine executes itself again to get a small process that makes the
/// sandboxes. A program that uses Sandbox begins its main with
///
///     if (strata::sandbox::is_init_call(argc, argv)) strata::sandbox::init_main();

namespace strata::sandbox {

/// True if the program was executed by a Sandbox, not by a user.
bool is_init_call(int argc, const char* const* argv);

/// Serves sandboxes until the engine goes away. Ends the process.
[[noreturn]] void init_main();

}  // namespace strata::sandbox
