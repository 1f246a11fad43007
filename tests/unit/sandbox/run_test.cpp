#include "strata/sandbox/run.hpp"

#include <fcntl.h>
#include <signal.h>

#include <chrono>
#include <future>
#include <thread>

#include "strata/base/error.hpp"
#include "unit/sandbox/busybox_root.hpp"

using namespace strata;
using namespace strata::sandbox;
using namespace std::chrono_literals;

namespace {

std::chrono::milliseconds since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               start);
}

ExitStatus status_of(std::vector<std::string> argv) {
  BusyboxRoot root;
  Sandbox sandbox;
  return run(sandbox, root.spec(std::move(argv))).report.status;
}

}  // namespace

TEST_CASE("a process runs and its output is delivered by stream") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Sandbox sandbox;
  const Result result = run(sandbox, root.shell("echo out; echo err >&2"));
  CHECK(result.report.status.ok());
  CHECK(result.out == "out\n");
  CHECK(result.err == "err\n");
}

TEST_CASE("much output arrives whole") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Sandbox sandbox;
  const Result result = run(sandbox, root.shell("seq 1 200000"));
  CHECK(result.out.size() == 1288895);
  CHECK(result.out.ends_with("\n200000\n"));
}

TEST_CASE("descriptors given by the caller are used as they are") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  write_text(root.path() / "input", "from the caller\n");
  const Fd in(open((root.path() / "input").c_str(), O_RDONLY | O_CLOEXEC));
  const Fd out(open((root.path() / "output").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  Sandbox sandbox;
  Streams streams;
  streams.in = in.get();
  streams.out = out.get();
  CHECK(sandbox.run(root.spec({"cat"}), streams).status.ok());
  CHECK(read_text(root.path() / "output") == "from the caller\n");
}

TEST_CASE("without an input the process reads an empty one") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Sandbox sandbox;
  CHECK(run(sandbox, root.shell("cat; echo done")).out == "done\n");
}

TEST_CASE("exit codes and signals come back as shells count them") {
  STRATA_NEEDS_SANDBOX();
  CHECK(status_of({"sh", "-c", "exit 42"}) == ExitStatus{42, 0, false});
  CHECK(status_of({"sh", "-c", "kill -SEGV $$"}) == ExitStatus{128 + SIGSEGV, SIGSEGV, false});
  CHECK(status_of({"false"}) == ExitStatus{1, 0, false});
}

TEST_CASE("a stop kills what runs at once and is an error") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Sandbox sandbox;
  std::stop_source stop;
  const auto start = std::chrono::steady_clock::now();
  const std::jthread stopper([&stop] {
    std::this_thread::sleep_for(100ms);
    stop.request_stop();
  });
  CHECK_THROWS_AS(run(sandbox, root.shell("sleep 60 & sleep 60"), stop.get_token()), Error);
  CHECK(since(start) < 5s);
}

TEST_CASE("a stop asked for before the start is seen") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Sandbox sandbox;
  std::stop_source stop;
  stop.request_stop();
  CHECK_THROWS_AS(run(sandbox, root.spec({"sleep", "60"}), stop.get_token()), Error);
}

TEST_CASE("a process object that goes takes its sandbox along") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Sandbox sandbox;
  const auto start = std::chrono::steady_clock::now();
  { const Process process = sandbox.start(root.spec({"sleep", "60"}), {}); }
  CHECK(since(start) < 5s);
}

TEST_CASE("a callback that throws ends the sandbox") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Sandbox sandbox;
  Streams streams;
  streams.on_output = [](OutputStream, std::string_view) { fail(ErrorKind::system, "disk full"); };
  CHECK_THROWS_AS(sandbox.run(root.shell("echo; sleep 60"), streams), Error);
}

TEST_CASE("sandboxes run side by side from several threads") {
  STRATA_NEEDS_SANDBOX();
  Sandbox sandbox;
  std::vector<std::future<std::string>> outputs;
  for (int i = 0; i < 6; ++i) {
    outputs.push_back(std::async(std::launch::async, [&sandbox, i] {
      BusyboxRoot root;
      const std::string mark = cat(i);
      return run(sandbox, root.shell("echo " + mark + " >/mark; sleep 0.1; cat /mark")).out;
    }));
  }
  for (int i = 0; i < 6; ++i) CHECK(outputs[static_cast<std::size_t>(i)].get() == cat(i, '\n'));
}

TEST_CASE("the helper is gone when its owner is") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  std::optional<Process> process;
  {
    Sandbox sandbox;
    process = sandbox.start(root.spec({"sleep", "60"}), {});
  }
  CHECK(process->wait().status.signal == SIGKILL);
}
