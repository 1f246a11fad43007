#pragma once
/// The caller's terminal joined to that of a process in a sandbox.

namespace strata::container {

/// Moves bytes between `console`, the controlling end of the process's terminal, and the caller's
/// `in` (-1: nothing is passed in) and `out`, until the last process inside is gone. If `in` is a
/// terminal it is in raw mode meanwhile. The size of the caller's terminal is passed on at the
/// start and whenever it changes. All descriptors are borrowed. At most one call at a time in a
/// program: there is one SIGWINCH.
void join_terminals(int console, int in, int out);

}  // namespace strata::container
