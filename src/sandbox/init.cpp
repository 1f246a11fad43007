#include "strata/sandbox/init.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <string_view>

#include "sandbox/helper.hpp"
#include "sandbox/message.hpp"
#include "sandbox/namespaces.hpp"
#include "sandbox/pid_one.hpp"
#include "sandbox/seccomp.hpp"
#include "strata/base/error.hpp"

namespace strata::sandbox {

namespace {

/// Becomes what sandboxes may inherit: no child to wait for, no memory or descriptor to look at
/// from inside (a process that is not dumpable can be read and traced by nobody without
/// CAP_SYS_PTRACE).
void settle() {
  signal(SIGCHLD, SIG_IGN);
  prctl(PR_SET_DUMPABLE, 0);
  close_range(helper_socket_fd + 1, ~0U, 0);
}

void serve(Packet request, const FilterProgram& filter) {
  const Fd channel = duplicate(request.fds.at(request_channel).get());
  try {
    if (fork_into(decode_namespaces(request.bytes)) == 0) be_pid_one(std::move(request), filter);
  } catch (const Error& error) {
    send_packet(channel.get(),
                encode_message(Failed{error.kind(), error.message(), error.notes()}));
  }
}

}  // namespace

bool is_init_call(int argc, const char* const* argv) {
  return argc == 1 && std::string_view(argv[0]) == helper_name;
}

void init_main() {
  try {
    settle();
    const FilterProgram filter = make_filter();
    for (;;) {
      Packet request = receive_packet(helper_socket_fd);
      if (request.is_end()) _exit(0);
      serve(std::move(request), filter);
    }
  } catch (const Error& error) {
    const std::string line = cat("strata: sandbox helper: ", error.what(), '\n');
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
    _exit(exit_code(error.kind()));
  }
}

}  // namespace strata::sandbox
