#pragma once
/// A terminal for the process, made in the sandbox's own devpts so that its name means something
/// inside.

#include <sys/types.h>

#include "strata/base/fd.hpp"
#include "strata/base/root.hpp"

namespace strata::sandbox {

struct Console {
  Fd controller;  ///< for the engine: what a terminal emulator holds
  Fd terminal;    ///< for the process: what a shell holds
};

/// Makes a terminal owned by `owner` and shows it as /dev/console of `root` too.
Console make_console(const Root& root, int devpts_fd, uid_t owner);

/// Makes descriptor 0 the controlling terminal of the calling process, which leads a session.
void take_terminal();

}  // namespace strata::sandbox
