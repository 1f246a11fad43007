#include "sandbox/console.hpp"

#include <sys/ioctl.h>

#include <cerrno>

#include "unit/sandbox/busybox_root.hpp"

using namespace strata;
using namespace strata::sandbox;

namespace {

/// Everything the terminal shows until the last process is gone.
std::string read_terminal(int console) {
  std::string text;
  char chunk[4096];
  for (ssize_t size = 0; (size = read(console, chunk, sizeof chunk)) > 0;) {
    text.append(chunk, static_cast<std::size_t>(size));
  }
  return text;
}

}  // namespace

TEST_CASE("a process has a terminal of its own when asked for") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Sandbox sandbox;
  Spec spec = root.shell(
      "tty; stty size; read line; echo got $line; echo direct >/dev/console; "
      "echo controlling >/dev/tty");
  spec.tty = true;
  Process process = sandbox.start(spec, {});
  const winsize size{33, 99, 0, 0};
  REQUIRE(ioctl(process.console(), TIOCSWINSZ, &size) == 0);
  write_all(process.console(), "hello\n");
  const std::string text = read_terminal(process.console());
  CHECK(process.wait().status.ok());
  CHECK(text.find("/dev/pts/0\r\n") != std::string::npos);
  CHECK(text.find("33 99\r\n") != std::string::npos);
  CHECK(text.find("got hello\r\ndirect\r\ncontrolling\r\n") != std::string::npos);
}

TEST_CASE("the terminal belongs to the user and gives its interrupt to the process") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Sandbox sandbox;
  Spec spec = root.shell("stat -c %u /dev/pts/0; sleep 60");
  spec.tty = true;
  spec.identity = {1000, 1000, {}};
  Process process = sandbox.start(spec, {});
  char line[100];
  const ssize_t size = read(process.console(), line, sizeof line);
  REQUIRE(size > 0);
  CHECK(std::string(line, static_cast<std::size_t>(size)) == "1000\r\n");
  write_all(process.console(), "\x03");
  CHECK(process.wait().status.code == 130);
}

TEST_CASE("without a terminal there is none") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Sandbox sandbox;
  CHECK(run(sandbox, root.shell("tty; (echo x >/dev/tty) 2>/dev/null || echo none")).out ==
        "not a tty\nnone\n");
}
