#include "container/terminal.hpp"

#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <functional>
#include <thread>

#include "unit/container/busybox_store.hpp"
#include "unit/container/captured_run.hpp"
#include "unit/container/other_engine.hpp"

using namespace strata;
using namespace strata::container;
using test::BusyboxStore;

namespace {

struct Pty {
  Pty() {
    int raw_controller = -1;
    int raw_terminal = -1;
    winsize size{33, 111, 0, 0};
    if (openpty(&raw_controller, &raw_terminal, nullptr, nullptr, &size) != 0)
      fail_errno("openpty");
    controller = Fd(raw_controller);
    terminal = Fd(raw_terminal);
  }
  Fd controller;
  Fd terminal;
};

winsize size_of(int terminal) {
  winsize size{};
  ioctl(terminal, TIOCGWINSZ, &size);
  return size;
}

tcflag_t local_mode(int terminal) {
  termios mode{};
  tcgetattr(terminal, &mode);
  return mode.c_lflag;
}

/// Reads until `end` has come, at most 10 seconds.
std::string read_until(int fd, const std::string& end) {
  std::string text;
  while (text.find(end) == std::string::npos) {
    pollfd watched{fd, POLLIN, 0};
    char chunk[4096];
    if (poll(&watched, 1, 10'000) != 1) break;
    const ssize_t size = read(fd, chunk, sizeof chunk);
    if (size <= 0) break;
    text.append(chunk, static_cast<std::size_t>(size));
  }
  return text;
}

/// A user at a terminal who runs a container with -it.
class User {
 public:
  User(const std::string& store_path, const Container& container)
      : engine_(store_path, container, test::Interactive::yes, [this] { sit_down(); }) {}

  int screen() const { return pty_.controller.get(); }
  int terminal() const { return pty_.terminal.get(); }
  void type(std::string_view text) const { write_all(screen(), text); }
  void resize(unsigned short rows, unsigned short columns) const {
    const winsize size{rows, columns, 0, 0};
    ioctl(screen(), TIOCSWINSZ, &size);
  }
  int exit_status() { return engine_.wait(); }

 private:
  void sit_down() const {
    setsid();
    ioctl(pty_.terminal.get(), TIOCSCTTY, 0);
    for (const int standard : {0, 1, 2}) dup2(pty_.terminal.get(), standard);
  }

  Pty pty_;
  test::OtherEngine engine_;
};

Container make_with_terminal(BusyboxStore& box, const std::string& script) {
  Wishes wishes;
  wishes.tty = true;
  return box.shell(script, wishes);
}

}  // namespace

TEST_CASE("bytes pass both ways between two terminals until the inner one is gone") {
  Pty caller;
  Pty inner;
  const tcflag_t before = local_mode(caller.terminal.get());
  std::thread joined([&] {
    join_terminals(inner.controller.get(), caller.terminal.get(), caller.terminal.get());
  });
  write_all(inner.terminal.get(), "prompt> ");
  CHECK(read_until(caller.controller.get(), "> ") == "prompt> ");
  CHECK((local_mode(caller.terminal.get()) & (ICANON | ECHO | ISIG)) == 0);
  CHECK(size_of(inner.terminal.get()).ws_col == 111);
  write_all(caller.controller.get(), "typed\n");
  CHECK(read_until(inner.terminal.get(), "\n") == "typed\n");
  inner.terminal.reset();
  joined.join();
  CHECK(local_mode(caller.terminal.get()) == before);
}

TEST_CASE("the caller's terminal is as before after a failure") {
  Pty caller;
  Pty inner;
  const tcflag_t before = local_mode(caller.terminal.get());
  const Fd full(open("/dev/full", O_WRONLY | O_CLOEXEC));
  write_all(inner.terminal.get(), "text");
  CHECK_THROWS_AS(join_terminals(inner.controller.get(), caller.terminal.get(), full.get()), Error);
  CHECK(local_mode(caller.terminal.get()) == before);
}

TEST_CASE("much output passes while nobody reads the input") {
  Pty caller;
  Pty inner;
  std::thread joined([&] {
    join_terminals(inner.controller.get(), caller.terminal.get(), caller.terminal.get());
  });
  std::thread typist([&] { write_all(caller.controller.get(), std::string(2000, 'i')); });
  std::thread writer([&] {
    for (int i = 0; i < 1000; ++i) write_all(inner.terminal.get(), "0123456789012345678901234567");
    write_all(inner.terminal.get(), "END");
    inner.terminal.reset();
  });
  const std::string seen = read_until(caller.controller.get(), "END");
  // The echo of what was typed may come behind it.
  CHECK(seen.find("END") != std::string::npos);
  writer.join();
  typist.join();
  joined.join();
}

TEST_CASE("a container with a terminal has one of the caller's size and takes what is typed") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box;
  const Container container = make_with_terminal(
      box, "test -t 0 && test -t 1 && tty; read go; stty size; echo $TERM; exit 9");
  User user(box.store().host_path(), container);
  CHECK(read_until(user.screen(), "\n") == "/dev/pts/0\r\n");
  user.type("go\n");
  CHECK(read_until(user.screen(), "xterm").starts_with("go\r\n33 111\r\nxterm"));
  CHECK(user.exit_status() == 9);
  CHECK((local_mode(user.terminal()) & ICANON) != 0);
}

TEST_CASE("a new size of the caller's terminal reaches the container's") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box;
  const Container container = make_with_terminal(
      box, "trap 'stty size; exit 0' WINCH; echo ready; while :; do sleep 0.05; done");
  User user(box.store().host_path(), container);
  read_until(user.screen(), "ready");
  user.resize(44, 222);
  CHECK(read_until(user.screen(), "222").find("44 222") != std::string::npos);
  CHECK(user.exit_status() == 0);
}

TEST_CASE("the interrupt key goes to the container as a byte") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box;
  const Container container =
      make_with_terminal(box, "trap 'exit 6' INT; echo ready; while :; do sleep 0.05; done");
  User user(box.store().host_path(), container);
  read_until(user.screen(), "ready");
  user.type("\x03");
  CHECK(user.exit_status() == 6);
  CHECK(at(box.store(), container.id).exit_code == 6);
}

TEST_CASE("a terminal cannot be had of an input that is none") {
  STRATA_NEEDS_CONTAINERS();
  BusyboxStore box;
  const Container container = make_with_terminal(box, "true");
  try {
    test::run_captured(box.store(), container, test::Input::passed);
    FAIL("ran");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::usage);
  }
  CHECK(at(box.store(), container.id).state == State::created);
}
