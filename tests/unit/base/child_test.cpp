// Nothing of a child is left, however it or we end.

#include "strata/base/child.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <thread>

#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/text.hpp"

namespace strata {

namespace {

using namespace std::chrono_literals;

/// A time to sleep that no other process sleeps, so that it is found by its command line.
std::string unique_time() {
  static int serial = 0;
  return cat("9", ::getpid(), ".", ++serial);
}

/// A shell and what it has started, all of which have the time among their words.
Command sleepers(const std::string& time) {
  return {{"sh", "-c", cat("sleep ", time, " & sleep ", time)}, {"PATH=/usr/bin:/bin"}, "/"};
}

std::size_t count_sleepers(const std::string& time) {
  std::size_t count = 0;
  for (const auto& process : std::filesystem::directory_iterator("/proc")) {
    const std::string file = process.path() / "cmdline";
    try {
      count += read_host_file(file, 1u << 20).find(time) != std::string::npos;
    } catch (const Error&) {  // no process, or one that has just ended
    }
  }
  return count;
}

/// Whether it becomes so within ten seconds.
bool soon(const std::function<bool()>& is_so) {
  for (int i = 0; i < 1000; ++i) {
    if (is_so()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

/// Runs `work` in a process of its own and waits until that has been killed.
void run_and_be_killed(const std::function<void()>& work) {
  const pid_t pid = ::fork();
  REQUIRE(pid >= 0);
  if (pid == 0) {
    work();
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  CHECK(WIFSIGNALED(status));
}

}  // namespace

TEST_CASE("a program ends with all its children when its object goes") {
  const std::string time = unique_time();
  {
    const Child child(sleepers(time));
    CHECK(soon([&] { return count_sleepers(time) == 3; }));
  }
  CHECK(count_sleepers(time) == 0);
}

TEST_CASE("what a program leaves behind ends with it") {
  const std::string time = unique_time();
  Child child({{"sh", "-c", cat("sleep ", time, " & exit 7")}, {"PATH=/usr/bin:/bin"}, "/"});
  CHECK(soon([&] { return child.has_ended(); }));
  CHECK(child.status() == 7);
  CHECK(soon([&] { return count_sleepers(time) == 0; }));
}

TEST_CASE("a program ends with all its children when its starter is killed") {
  const std::string time = unique_time();
  run_and_be_killed([&] {
    const Child child(sleepers(time));
    soon([&] { return count_sleepers(time) == 3; });
    ::kill(::getpid(), SIGKILL);
  });
  CHECK(soon([&] { return count_sleepers(time) == 0; }));
}

TEST_CASE("a starter that is killed at any moment leaves nothing") {
  for (const auto delay : {0us, 20us, 100us, 300us, 600us, 1000us, 2000us, 5000us}) {
    const std::string time = unique_time();
    run_and_be_killed([&] {
      const std::jthread killer([&] {
        std::this_thread::sleep_for(delay);
        ::kill(::getpid(), SIGKILL);
      });
      const Child child(sleepers(time));
      std::this_thread::sleep_for(1s);
    });
    CHECK(soon([&] { return count_sleepers(time) == 0; }));
  }
}

TEST_CASE("a program outlives the thread that started it") {
  const std::string time = unique_time();
  std::unique_ptr<Child> child;
  std::thread([&] { child = std::make_unique<Child>(sleepers(time)); }).join();
  CHECK(soon([&] { return count_sleepers(time) == 3; }));
  std::this_thread::sleep_for(50ms);
  CHECK_FALSE(child->has_ended());
}

TEST_CASE("no descriptor of ours is seen by the program or kept by its watcher") {
  Pipe pipe = make_pipe();
  Child child({{"sh", "-c", "ls /proc/self/fd; exec sleep 60"}, {"PATH=/usr/bin:/bin"}, "/"});
  pipe.write_end.reset();
  std::string rest(1, ' ');
  CHECK(read_full(pipe.read_end.get(), rest) == 0);
  std::string seen(8, ' ');  // 0, 1, 2, and 3 for the folder that ls reads
  CHECK(read_full(child.output.get(), seen) == 8);
  CHECK(seen == "0\n1\n2\n3\n");
}

}  // namespace strata
