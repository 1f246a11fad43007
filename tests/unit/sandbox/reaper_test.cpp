// Life and death inside a sandbox.
#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <thread>

#include "strata/base/fd.hpp"
#include "unit/sandbox/busybox_root.hpp"

using namespace strata;
using namespace strata::sandbox;
using namespace std::chrono_literals;

namespace {

/// How many processes of the host have this argument.
int count_processes(const std::string& argument) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string arguments = read_text(entry.path() / "cmdline");
    if (arguments.find(argument + '\0') != std::string::npos) ++count;
  }
  return count;
}

bool ends_within(std::chrono::milliseconds limit, const std::string& argument) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (count_processes(argument) > 0) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(10ms);
  }
  return true;
}

/// Runs an engine of its own that starts two sandboxes and never waits for them.
[[noreturn]] void be_engine(const BusyboxRoot& root, const std::string& mark, int ready_fd) {
  Sandbox sandbox;
  const Process first = sandbox.start(root.shell("setsid sleep " + mark + "& sleep " + mark), {});
  write_all(ready_fd, "x");
  for (;;) pause();
}

}  // namespace

TEST_CASE("a background process neither holds up the end nor survives it") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Sandbox sandbox;
  const auto start = std::chrono::steady_clock::now();
  const Result result = run(sandbox, root.shell("setsid sleep 98765 & echo started"));
  CHECK(result.out == "started\n");
  CHECK(result.report.status.ok());
  CHECK(std::chrono::steady_clock::now() - start < 10s);
  CHECK(count_processes("98765") == 0);
}

TEST_CASE("orphans are reaped while the main process goes on") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Sandbox sandbox;
  const Result result = run(sandbox, root.shell("for i in 1 2 3 4 5; do (true &) ; done; sleep 0.3;"
                                                "grep -l '^State:.Z' /proc/[0-9]*/status; true"));
  CHECK(result.out.empty());
}

TEST_CASE("signals reach the main process through pid 1") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Sandbox sandbox;
  std::string out;
  bool sent = false;
  std::optional<Process> process;
  Streams streams;
  streams.on_output = [&](OutputStream, std::string_view text) {
    out += text;
    if (!std::exchange(sent, true)) process->signal(SIGTERM);
  };
  process = sandbox.start(root.shell("trap 'echo caught; exit 7' TERM; echo ready; "
                                     "while true; do sleep 0.05; done"),
                          streams);
  CHECK(process->wait().status.code == 7);
  CHECK(out == "ready\ncaught\n");
}

TEST_CASE("the process starts with all signals at their defaults") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Sandbox sandbox;
  const std::string status = run(sandbox, root.spec({"grep", "Sig", "/proc/self/status"})).out;
  CAPTURE(status);
  CHECK(status.find("SigBlk:\t0000000000000000") != std::string::npos);
  CHECK(status.find("SigIgn:\t0000000000000000") != std::string::npos);
}

TEST_CASE("killing the engine leaves no process behind") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  const std::string mark = cat("7", getpid(), "1");
  Pipe ready = make_pipe();
  const pid_t engine = fork();
  REQUIRE(engine >= 0);
  if (engine == 0) be_engine(root, mark, ready.write_end.get());
  ready.write_end.reset();
  char byte = 0;
  REQUIRE(read(ready.read_end.get(), &byte, 1) == 1);
  std::this_thread::sleep_for(100ms);
  CHECK(count_processes(mark) >= 2);
  kill(engine, SIGKILL);
  waitpid(engine, nullptr, 0);
  CHECK(ends_within(5s, mark));
}

TEST_CASE("nothing is mounted on the host while a sandbox runs or after") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Sandbox sandbox;
  // Others may mount things meanwhile: only what concerns this root counts.
  const auto is_mounted = [&root] {
    return read_text("/proc/self/mounts").find(root.path()) != std::string::npos;
  };
  {
    Process process = sandbox.start(root.spec({"sleep", "0.2"}), {});
    CHECK(!is_mounted());
    process.wait();
  }
  CHECK(!is_mounted());
  CHECK(fs::is_empty(root.path() / "scratch"));
}
