#include "container/terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <optional>

#include "strata/base/error.hpp"
#include "strata/base/fd.hpp"

namespace strata::container {

namespace {

constexpr std::size_t chunk_size = 16 << 10;

/// A terminal that hands every byte on as it comes, until the object goes.
class RawMode {
 public:
  explicit RawMode(int terminal) : terminal_(terminal) {
    if (tcgetattr(terminal_, &before_) != 0) fail_errno("look at the terminal's mode");
    termios raw = before_;
    cfmakeraw(&raw);
    if (tcsetattr(terminal_, TCSANOW, &raw) != 0) fail_errno("set the terminal's mode");
  }
  RawMode(const RawMode&) = delete;
  RawMode& operator=(const RawMode&) = delete;
  ~RawMode() { tcsetattr(terminal_, TCSANOW, &before_); }

 private:
  int terminal_;
  termios before_{};
};

// A signal handler has no other way to the object it serves.
std::atomic<int> resize_event{-1};
static_assert(std::atomic<int>::is_always_lock_free);

void on_resize(int) {
  const int saved_errno = errno;
  eventfd_write(resize_event.load(), 1);
  errno = saved_errno;
}

/// SIGWINCH as a descriptor that becomes readable.
class Resizes {
 public:
  Resizes() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!event_) fail_errno("eventfd");
    resize_event = event_.get();
    struct sigaction action {};
    action.sa_handler = on_resize;
    action.sa_flags = SA_RESTART;
    sigaction(SIGWINCH, &action, &before_);
  }
  Resizes(const Resizes&) = delete;
  Resizes& operator=(const Resizes&) = delete;
  ~Resizes() {
    sigaction(SIGWINCH, &before_, nullptr);
    resize_event = -1;
  }

  int fd() const { return event_.get(); }
  void take() const {
    eventfd_t count;
    eventfd_read(event_.get(), &count);
  }

 private:
  Fd event_;
  struct sigaction before_ {};
};

class Junction {
 public:
  Junction(int console, int in, int out) : console_(console), in_(in), out_(out) {
    if (isatty(in_)) raw_mode_.emplace(in_);
    // What the process does not read yet must not keep us from taking what it writes.
    if (fcntl(console_, F_SETFL, fcntl(console_, F_GETFL) | O_NONBLOCK) != 0)
      fail_errno("set up the container's terminal");
    pass_size();
  }

  void run() {
    while (true) {
      const bool has_room = pending_.empty();
      const short console_events = has_room ? POLLIN : POLLIN | POLLOUT;
      pollfd watched[] = {{console_, console_events, 0},
                          {has_room ? in_ : -1, POLLIN, 0},
                          {resizes_.fd(), POLLIN, 0}};
      if (poll(watched, 3, -1) < 0 && errno != EINTR) fail_errno("poll");
      if (watched[2].revents) resizes_.take(), pass_size();
      if (watched[1].revents) take_input();
      if (watched[0].revents & POLLOUT) pass_input();
      if (watched[0].revents & ~POLLOUT && !pass_output()) return;
    }
  }

 private:
  /// A caller without any terminal has no size to tell.
  void pass_size() const {
    winsize size{};
    if (ioctl(in_, TIOCGWINSZ, &size) == 0 || ioctl(out_, TIOCGWINSZ, &size) == 0)
      ioctl(console_, TIOCSWINSZ, &size);
  }

  void take_input() {
    char chunk[chunk_size];
    const ssize_t size = read(in_, chunk, sizeof chunk);
    if (size > 0) {
      pending_.assign(chunk, static_cast<std::size_t>(size));
      pass_input();
    } else if (size == 0 || (errno != EINTR && errno != EAGAIN)) {
      in_ = -1;  // hung up
    }
  }

  void pass_input() {
    const ssize_t size = write(console_, pending_.data(), pending_.size());
    if (size > 0) pending_.erase(0, static_cast<std::size_t>(size));
  }

  /// False when no process has the terminal any more.
  bool pass_output() const {
    char chunk[chunk_size];
    const ssize_t size = read(console_, chunk, sizeof chunk);
    if (size > 0) write_all(out_, {chunk, static_cast<std::size_t>(size)});
    return size > 0 || (size < 0 && (errno == EINTR || errno == EAGAIN));
  }

  int console_;
  int in_;
  int out_;
  std::optional<RawMode> raw_mode_;
  Resizes resizes_;
  std::string pending_;
};

}  // namespace

void join_terminals(int console, int in, int out) { Junction(console, in, out).run(); }

}  // namespace strata::container
