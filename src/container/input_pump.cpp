#include "container/input_pump.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>

#include "strata/base/error.hpp"

namespace strata::container {

namespace {

constexpr std::size_t chunk_size = 64 << 10;

/// True if there is something to read; false if the stop event came first.
bool wait_for_input(int in, int stop_event) {
  pollfd watched[] = {{in, POLLIN, 0}, {stop_event, POLLIN, 0}};
  while (poll(watched, 2, -1) < 0)
    if (errno != EINTR) return false;
  return watched[1].revents == 0;
}

/// Writing to a pipe that nobody reads any more is an error here, and not the program's end.
void block_pipe_signal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

InputPump::InputPump(int in) : in_(in), pipe_(make_pipe()), stop_event_(eventfd(0, EFD_CLOEXEC)) {
  if (!stop_event_) fail_errno("eventfd");
}

InputPump::~InputPump() {
  eventfd_write(stop_event_.get(), 1);
  if (thread_.joinable()) thread_.join();
}

void InputPump::start() {
  pipe_.read_end.reset();
  thread_ = std::thread([this] { run(); });
}

/// Any failure means that no more input comes: the process sees the end of it.
void InputPump::run() {
  block_pipe_signal();
  std::string chunk(chunk_size, '\0');
  while (wait_for_input(in_, stop_event_.get())) {
    const ssize_t size = read(in_, chunk.data(), chunk.size());
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (size <= 0) break;
    try {
      write_all(pipe_.write_end.get(), {chunk.data(), static_cast<std::size_t>(size)});
    } catch (const Error&) {
      break;
    }
  }
  pipe_.write_end.reset();
}

}  // namespace strata::container
