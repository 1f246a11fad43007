#include "strata/base/fd.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "strata/base/error.hpp"
#include "unit/scratch_directory.hpp"

using namespace strata;

namespace {

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

}  // namespace

TEST_CASE("a descriptor is closed once by its last owner") {
  Pipe pipe = make_pipe();
  const int number = pipe.read_end.get();
  Fd moved = std::move(pipe.read_end);
  CHECK_FALSE(pipe.read_end);
  CHECK(is_open(number));
  moved = Fd();
  CHECK_FALSE(is_open(number));
  Fd released = std::move(pipe.write_end);
  const int kept = released.release();
  CHECK(is_open(kept));
  Fd(kept).reset();
  CHECK_FALSE(is_open(kept));
}

TEST_CASE("closing keeps errno for the message that is on its way") {
  errno = ENOSPC;
  Fd(12345).reset();
  CHECK(errno == ENOSPC);
}

TEST_CASE("no descriptor survives an exec") {
  const Pipe pipe = make_pipe();
  const Fd copy = duplicate(pipe.read_end.get());
  for (const int fd : {pipe.read_end.get(), pipe.write_end.get(), copy.get()}) {
    CHECK((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
  }
}

TEST_CASE("whole reads stop only at the end of the file") {
  const test::ScratchDirectory scratch;
  scratch.write("file", "0123456789");
  const Fd file = scratch.root().open_file("file");
  std::string buffer(4, '\0');
  CHECK(pread_full(file.get(), buffer, 8) == 2);
  CHECK(pread_full(file.get(), buffer, 2) == 4);
  CHECK(buffer == "2345");
  CHECK(pread_full(file.get(), buffer, 100) == 0);
  CHECK(read_all(file.get(), 10, "file") == "0123456789");
  CHECK(stat_of(file.get()).st_size == 10);
  CHECK_THROWS_AS(read_full(-1, buffer), Error);
  CHECK_THROWS_AS(stat_of(-1), Error);
}

TEST_CASE("a full disk is an error of the write") {
  const Fd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  REQUIRE(full);
  CHECK_THROWS_WITH_AS(write_all(full.get(), "x"), "cannot write: No space left on device", Error);
}

TEST_CASE("signals do not cut reads and writes short") {
  struct sigaction quiet {};
  quiet.sa_handler = [](int) {};  // and no SA_RESTART: blocking calls end with EINTR
  struct sigaction before {};
  ::sigaction(SIGUSR1, &quiet, &before);

  Pipe pipe = make_pipe();
  const std::string bytes(4'000'000, 'z');
  std::string got(bytes.size(), '\0');
  std::size_t count = 0;
  std::thread reader([&] { count = read_full(pipe.read_end.get(), got); });
  std::thread writer([&] { write_all(pipe.write_end.get(), bytes); });
  for (int i = 0; i < 200; ++i) {
    ::pthread_kill(reader.native_handle(), SIGUSR1);
    ::pthread_kill(writer.native_handle(), SIGUSR1);
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
  reader.join();
  writer.join();
  CHECK(count == bytes.size());
  CHECK(got == bytes);
  ::sigaction(SIGUSR1, &before, nullptr);
}
