#include "sandbox/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "strata/base/error.hpp"

namespace strata::sandbox {

namespace {

constexpr std::size_t chunk_size = 64 << 10;

Fd make_event() {
  Fd event(eventfd(0, EFD_CLOEXEC));
  if (!event) fail_errno("eventfd");
  return event;
}

void wait_readable(std::span<pollfd> watched) {
  while (poll(watched.data(), watched.size(), -1) < 0) {
    if (errno != EINTR) fail_errno("poll");
  }
}

/// Passes on what is in the pipe now and closes it at its end. The pipe does not block.
void drain(Fd& pipe, OutputStream stream, const Process::State& state) {
  static_assert(chunk_size >= PIPE_BUF);
  char chunk[chunk_size];
  while (pipe) {
    const ssize_t size = read(pipe.get(), chunk, sizeof chunk);
    if (size > 0) {
      state.on_output(stream, {chunk, static_cast<std::size_t>(size)});
    } else if (size == 0) {
      pipe.reset();
    } else if (errno == EAGAIN) {
      return;
    } else if (errno != EINTR) {
      fail_errno("read the process's output");
    }
  }
}

/// Delivers output until pid 1 is gone or `stop_event` is set; true if it is gone. A descriptor
/// that is empty is -1, which poll passes over.
bool deliver(Process::State& state, int stop_event) {
  for (;;) {
    pollfd watched[] = {{state.pidfd.get(), POLLIN, 0},
                        {state.out.get(), POLLIN, 0},
                        {state.err.get(), POLLIN, 0},
                        {stop_event, POLLIN, 0}};
    wait_readable(watched);
    if (watched[3].revents) return false;
    if (watched[1].revents) drain(state.out, OutputStream::out, state);
    if (watched[2].revents) drain(state.err, OutputStream::err, state);
    if (watched[0].revents) return true;
  }
}

void wait_until_gone(const Process::State& state) {
  pollfd watched[] = {{state.pidfd.get(), POLLIN, 0}};
  wait_readable(watched);
}

ExitStatus to_exit_status(int wait_status) {
  if (!WIFSIGNALED(wait_status)) return {WEXITSTATUS(wait_status), 0, false};
  return {128 + WTERMSIG(wait_status), WTERMSIG(wait_status), false};
}

/// What is in the channel once nobody can write to it any more. Nothing, if pid 1 was killed
/// itself.
Ended final_message(int channel) {
  const Packet packet = receive_packet(channel);
  if (packet.is_end()) return {SIGKILL, 0};
  const Message message = decode_message(packet.bytes);
  if (const auto* failed = std::get_if<Failed>(&message)) throw_failure(*failed);
  return std::get<Ended>(message);
}

}  // namespace

Process::State::~State() {
  if (is_over || !pidfd) return;
  // Neither can fail on a descriptor that is known to be a pidfd of ours.
  syscall(SYS_pidfd_send_signal, pidfd.get(), SIGKILL, nullptr, 0);
  pollfd watched{pidfd.get(), POLLIN, 0};
  while (poll(&watched, 1, -1) < 0 && errno == EINTR) {
  }
}

void Process::State::send_signal(int number) const {
  if (syscall(SYS_pidfd_send_signal, pidfd.get(), number, nullptr, 0) != 0 && errno != ESRCH) {
    fail_errno("send signal ", number);
  }
}

Report Process::State::report() {
  is_over = true;
  const Ended ended = final_message(channel.get());
  ExitStatus status = to_exit_status(ended.wait_status);
  // A shell reports its child's death by the same number.
  const bool was_killed = status.code == 128 + SIGKILL;
  status.oom_killed = was_killed && oom->kills() > oom_kills_before;
  return {status, stubs, ended.memory_peak};
}

Process::Process(std::unique_ptr<State> state) : state_(std::move(state)) {}
Process::Process(Process&&) noexcept = default;
Process& Process::operator=(Process&&) noexcept = default;
Process::~Process() = default;

Report Process::wait(std::stop_token stop) {
  const Fd stop_event = make_event();
  const std::stop_callback on_stop(stop, [&stop_event] { eventfd_write(stop_event.get(), 1); });
  if (!deliver(*state_, stop_event.get())) {
    state_->send_signal(SIGKILL);
    wait_until_gone(*state_);
    state_->is_over = true;
    fail(ErrorKind::interrupted, "stopped");
  }
  drain(state_->out, OutputStream::out, *state_);
  drain(state_->err, OutputStream::err, *state_);
  return state_->report();
}

void Process::signal(int number) { state_->send_signal(number); }

int Process::console() const { return state_->console.get(); }

}  // namespace strata::sandbox
