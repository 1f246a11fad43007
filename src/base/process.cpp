#include "strata/base/process.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "strata/base/error.hpp"
#include "strata/base/fd.hpp"
#include "strata/base/stop.hpp"
#include "strata/base/text.hpp"

namespace strata {

namespace {

constexpr std::size_t errors_max = 64u << 10;
constexpr int look_around_ms = 100;

/// One of the child's two streams, read as it comes.
struct Stream {
  Fd fd;
  std::string text;

  void read_some() {
    std::array<char, 16384> buffer;
    const ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) return;
    if (count <= 0) return fd.reset();
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
};

/// Reads what there is within the time; false if there was nothing.
bool read_streams(Stream& output, Stream& errors, int timeout_ms) {
  std::array<pollfd, 2> waited{pollfd{output.fd.get(), POLLIN, 0},
                               pollfd{errors.fd.get(), POLLIN, 0}};
  if (::poll(waited.data(), waited.size(), timeout_ms) <= 0) return false;
  if (waited[0].revents != 0) output.read_some();
  if (waited[1].revents != 0) errors.read_some();
  return true;
}

}  // namespace

Finished run_command(const Command& command, std::size_t output_max, const std::stop_token& stop) {
  Child child(command);
  Stream output{std::move(child.output), {}};
  Stream errors{std::move(child.errors), {}};
  for (bool ended = false; !ended;) {
    ended = child.has_ended();
    throw_if_stopped(stop);
    const bool open = output.fd || errors.fd;
    while (read_streams(output, errors, ended || !open ? 0 : look_around_ms)) {
      if (output.text.size() > output_max)
        fail(ErrorKind::corrupt, quoted(command.argv[0]), " printed more than ", output_max,
             " bytes");
      if (errors.text.size() > errors_max) errors.text.erase(0, errors.text.size() - errors_max);
      if (!output.fd && !errors.fd) break;
    }
    if (!open && !ended) ::usleep(1000);
  }
  return {child.status(), std::move(output.text), std::move(errors.text)};
}

}  // namespace strata
