#include "interrupts.hpp"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

namespace strata::cli {

namespace {

// A signal handler has no other way to the object it serves.
std::atomic<int> signal_pipe{-1};
static_assert(std::atomic<int>::is_always_lock_free);

void on_signal(int number) {
  const int saved_errno = errno;
  const char byte = 's';
  // If the pipe is full or gone, a stop was asked for long ago.
  [[maybe_unused]] const ssize_t written = write(signal_pipe.load(), &byte, 1);
  std::signal(number, SIG_DFL);
  errno = saved_errno;
}

}  // namespace

Interrupts::Interrupts() : pipe_(make_pipe()) {
  signal_pipe = pipe_.write_end.get();
  listener_ = std::thread([this] { listen(); });
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

Interrupts::~Interrupts() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  signal_pipe = -1;
  pipe_.write_end.reset();
  listener_.join();
}

void Interrupts::listen() {
  char byte;
  while (true) {
    const ssize_t got = read(pipe_.read_end.get(), &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    source_.request_stop();
  }
}

}  // namespace strata::cli
