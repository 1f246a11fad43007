#include "strata/base/lock.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <thread>
#include <vector>

#include "unit/scratch_directory.hpp"

using namespace strata;
using test::ScratchDirectory;

TEST_CASE("shared locks go together and an exclusive one goes alone") {
  const ScratchDirectory scratch;
  const auto try_lock = [&](LockMode mode) {
    return FileLock::try_now(scratch.fd(), "lock", mode).has_value();
  };
  {
    const auto first = FileLock::wait(scratch.fd(), "lock", LockMode::shared);
    CHECK(try_lock(LockMode::shared));
    CHECK_FALSE(try_lock(LockMode::exclusive));
  }
  const auto alone = FileLock::wait(scratch.fd(), "lock", LockMode::exclusive);
  CHECK_FALSE(try_lock(LockMode::shared));
  CHECK_FALSE(try_lock(LockMode::exclusive));
  CHECK(FileLock::try_now(scratch.fd(), "other", LockMode::exclusive));
}

TEST_CASE("a lock changes its mode only if nobody else minds") {
  const ScratchDirectory scratch;
  auto lock = FileLock::wait(scratch.fd(), "lock", LockMode::shared);
  auto other = FileLock::try_now(scratch.fd(), "lock", LockMode::shared);
  REQUIRE(other);
  CHECK_FALSE(lock.try_change(LockMode::exclusive));
  CHECK_FALSE(FileLock::try_now(scratch.fd(), "lock", LockMode::exclusive));
  other.reset();
  CHECK(lock.try_change(LockMode::exclusive));
  CHECK_FALSE(FileLock::try_now(scratch.fd(), "lock", LockMode::shared));
  CHECK(lock.try_change(LockMode::shared));
  CHECK(FileLock::try_now(scratch.fd(), "lock", LockMode::shared));
}

TEST_CASE("locks on different bytes of one file do not meet") {
  const ScratchDirectory scratch;
  const int fd = scratch.fd();
  const auto try_byte = [&](std::int64_t byte, LockMode mode) {
    return FileLock::try_now(fd, "lock", mode, {byte, 1});
  };
  const std::int64_t far = 0x3fff'ffff'ffff'ffff;
  auto first = try_byte(far, LockMode::exclusive);
  REQUIRE(first);
  CHECK(try_byte(far - 1, LockMode::exclusive));
  CHECK(!try_byte(far, LockMode::shared));
  CHECK(!FileLock::try_now(fd, "lock", LockMode::exclusive));
  CHECK(first->try_change(LockMode::shared));
  CHECK(try_byte(far, LockMode::shared));
}

TEST_CASE("the lock of a killed process is free") {
  const ScratchDirectory scratch;
  Pipe pipe = make_pipe();
  const pid_t pid = ::fork();
  if (pid == 0) {
    const auto lock = FileLock::wait(scratch.fd(), "lock", LockMode::exclusive);
    write_all(pipe.write_end.get(), "!");
    ::pause();
    ::_exit(0);
  }
  char byte;
  REQUIRE(read_full(pipe.read_end.get(), {&byte, 1}) == 1);
  CHECK_FALSE(FileLock::try_now(scratch.fd(), "lock", LockMode::shared));
  ::kill(pid, SIGKILL);
  FileLock::wait(scratch.fd(), "lock", LockMode::exclusive);
  ::waitpid(pid, nullptr, 0);
}

TEST_CASE("threads of one process exclude each other") {
  const ScratchDirectory scratch;
  std::atomic<int> inside = 0;
  std::atomic<bool> crowded = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        const auto lock = FileLock::wait(scratch.fd(), "lock", LockMode::exclusive);
        if (++inside != 1) crowded = true;
        --inside;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK_FALSE(crowded);
}
