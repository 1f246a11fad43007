#include "sandbox/reaper.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>

#include "strata/base/error.hpp"

namespace strata::sandbox {

namespace {

constexpr int forwarded[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH};

sigset_t handled_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  for (const int number : forwarded) sigaddset(&set, number);
  return set;
}

/// Collects every child that has ended; the main process's status if it is among them.
std::optional<int> collect(pid_t main_process) {
  std::optional<int> main_status;
  int status = 0;
  for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    if (pid == main_process) main_status = status;
  }
  return main_status;
}

/// Takes one signal; SIGCHLD is only a reason to look.
void take_signal(pid_t main_process, int signal_fd) {
  signalfd_siginfo info{};
  if (read(signal_fd, &info, sizeof info) != sizeof info) return;
  if (info.ssi_signo != SIGCHLD) kill(main_process, static_cast<int>(info.ssi_signo));
}

/// The kernel's default action for every signal.
void reset_actions() {
  // The plain call, because glibc keeps two signals to itself and posix_spawn leaves them ignored.
  // All zeros is the kernel's way to write: default action, no flags, nothing blocked.
  constexpr std::size_t kernel_set_size = 8;
  const std::array<std::byte, 64> defaults{};
  for (int number = 1; number < NSIG; ++number) {
    syscall(SYS_rt_sigaction, number, defaults.data(), nullptr, kernel_set_size);
  }
}

}  // namespace

Fd block_signals() {
  const sigset_t set = handled_signals();
  // Ignored children would leave no status; and a pid 1 without handlers cannot be killed from
  // inside.
  reset_actions();
  if (sigprocmask(SIG_BLOCK, &set, nullptr) != 0) fail_errno("block signals");
  Fd fd(signalfd(-1, &set, SFD_CLOEXEC));
  if (!fd) fail_errno("signalfd");
  return fd;
}

void reset_signals() {
  reset_actions();
  sigset_t none;
  sigemptyset(&none);
  if (sigprocmask(SIG_SETMASK, &none, nullptr) != 0) fail_errno("unblock signals");
}

std::optional<int> reap_until_end(pid_t main_process, int signal_fd, int channel) {
  pollfd watched[] = {{signal_fd, POLLIN, 0}, {channel, POLLIN, 0}};
  for (;;) {
    if (const auto status = collect(main_process)) return status;
    if (poll(watched, 2, -1) < 0 && errno != EINTR) fail_errno("poll");
    if (watched[1].revents) return std::nullopt;  // the engine sends nothing, so this is its end
    if (watched[0].revents) take_signal(main_process, signal_fd);
  }
}

}  // namespace strata::sandbox
