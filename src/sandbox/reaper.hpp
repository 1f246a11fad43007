#pragma once
/// The life of pid 1 once the main process runs: it waits, passes signals on, and buries what
/// others leave behind. When it ends, the kernel kills everything that is left in the pid
/// namespace.

#include <sys/types.h>

#include <optional>

#include "strata/base/fd.hpp"

namespace strata::sandbox {

/// Blocks the signals pid 1 handles and returns a descriptor that delivers them. Done before the
/// main process is started, so that none is lost.
Fd block_signals();

/// What the main process does on its way to exec: signals are as a fresh program expects them.
void reset_signals();

/// Waits until `main_process` has ended; its status as waitpid(2) tells it. Nothing if the other
/// end of `channel` closed first: the engine is gone.
std::optional<int> reap_until_end(pid_t main_process, int signal_fd, int channel);

}  // namespace strata::sandbox
