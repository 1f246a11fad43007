#include "strata/base/process.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <thread>

#include "strata/base/error.hpp"

namespace strata {

namespace {

constexpr std::size_t plenty = 1u << 20;

Finished shell(const std::string& script, const std::stop_token& stop = {},
               std::size_t output_max = plenty) {
  return run_command({{"sh", "-c", script}, {"PATH=/usr/bin:/bin", "A=b c"}, "/"}, output_max,
                     stop);
}

}  // namespace

TEST_CASE("a program is run with what it is given and nothing else") {
  CHECK(shell("env | sort | grep -v ^_=").output == "A=b c\nPATH=/usr/bin:/bin\nPWD=/\n");
  CHECK(shell("pwd; cat").output == "/\n");
  const auto finished = shell("echo out; echo err >&2; exit 3");
  CHECK(finished.status == 3);
  CHECK(finished.output == "out\n");
  CHECK(finished.errors == "err\n");
  CHECK(shell("kill -9 $$").status == 128 + 9);
}

TEST_CASE("much output comes whole and too much is refused") {
  CHECK(shell("head -c 300000 /dev/zero").output.size() == 300'000);
  CHECK(shell("head -c 300000 /dev/zero >&2").errors.size() == 64u << 10);
  CHECK_THROWS_AS(shell("cat /dev/zero", {}, 1000), Error);
}

TEST_CASE("a program that is not there is named") {
  try {
    run_command({{"no-such-program"}, {"PATH=/bin"}, "/"}, plenty, {});
    FAIL("ran");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::not_found);
    CHECK(std::string(error.what()).find("no-such-program") != std::string::npos);
  }
}

TEST_CASE("a stop ends a program and its children") {
  // On the heap: g++ 12 takes one on the stack for uninitialized when it checks addresses.
  const auto stop = std::make_unique<std::stop_source>();
  const std::jthread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop->request_stop();
  });
  const auto start = std::chrono::steady_clock::now();
  CHECK_THROWS_AS(shell("sleep 60 | sleep 60", stop->get_token()), Error);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
}

TEST_CASE("a grandchild that stays is not waited for") {
  const auto start = std::chrono::steady_clock::now();
  CHECK(shell("echo done; sleep 5 &").output == "done\n");
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(4));
}

TEST_CASE("a program that cannot be executed or has no directory is said") {
  CHECK_THROWS_AS(run_command({{"/dev/null"}, {}, "/"}, plenty, {}), Error);
  CHECK_THROWS_AS(run_command({{"sh", "-c", ":"}, {"PATH=/bin"}, "/nowhere"}, plenty, {}), Error);
}

}  // namespace strata
