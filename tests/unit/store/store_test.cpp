#include "strata/store/store.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <barrier>
#include <fstream>
#include <thread>

#include "unit/store/temporary_store.hpp"

using namespace strata;
using namespace strata::store;

namespace {

ErrorKind kind_of_opening(const std::string& path) {
  try {
    const Store store(path);
  } catch (const Error& error) {
    return error.kind();
  }
  FAIL("opened");
  return ErrorKind::system;
}

}  // namespace

TEST_CASE("a new store is a valid empty OCI layout and private") {
  const TemporaryDirectory directory;
  const std::string path = directory / "a/b";
  const Store store(path);
  CHECK(store.host_path() == path);
  CHECK(store.images().list().empty());
  CHECK(store.root().find_stat("oci-layout"));
  CHECK((stat_of(store.root().fd()).st_mode & 07777) == 0700);
}

TEST_CASE("an empty directory becomes a store and is made private") {
  const TemporaryDirectory directory;
  ::chmod(directory.path().c_str(), 0755);
  const Store store(directory.path());
  CHECK((stat_of(store.root().fd()).st_mode & 07777) == 0700);
}

TEST_CASE("a store that others may enter is refused") {
  const TemporaryDirectory directory;
  { const Store store(directory.path()); }
  ::chmod(directory.path().c_str(), 0711);
  CHECK(kind_of_opening(directory.path()) == ErrorKind::denied);
}

TEST_CASE("a directory that holds something else is refused and left alone") {
  const TemporaryDirectory directory;
  std::ofstream(directory / "letter.txt") << "dear";
  CHECK(kind_of_opening(directory.path()) == ErrorKind::corrupt);
  CHECK(Root::open(directory.path()).list("") == std::vector<std::string>{"letter.txt"});
}

TEST_CASE("a store whose making was cut short is made whole") {
  const TemporaryDirectory directory;
  Root::open(directory.path()).make_directories("blobs", 0700);
  const Store store(directory.path());
  CHECK(store.root().find_stat("index.json"));
}

TEST_CASE("a store is made by many at once and each finds it") {
  constexpr int makers = 16;
  for (int round = 0; round < 20; ++round) {
    const TemporaryDirectory directory;
    std::barrier start(makers);
    std::atomic<int> opened = 0;
    std::vector<std::thread> threads;
    for (int maker = 0; maker < makers; ++maker) {
      threads.emplace_back([&, maker] {
        start.arrive_and_wait();
        std::this_thread::sleep_for(std::chrono::microseconds(250 * maker));
        try {
          const Store store(directory / "new");
          ++opened;
        } catch (const Error& error) {
          MESSAGE(error.message());
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(opened == makers);
  }
}

TEST_CASE("a work directory goes with its owner and those of the dead go with the next") {
  TemporaryStore store;
  {
    const WorkDirectory work = store->make_work_directory();
    work.root().make_directories("some/thing");
    CHECK(store->root().list("tmp").size() == 2);
    WorkDirectory::remove_abandoned(store->root());
    CHECK(work.root().find_stat("some/thing"));
  }
  CHECK(store->root().list("tmp").empty());

  store->root().make_directories("tmp/dead/some/thing");
  close_checked(store->root().create_file("tmp/dead.lock", 0600), "lock");
  WorkDirectory::remove_abandoned(store->root());
  CHECK(store->root().list("tmp").empty());
}

TEST_CASE("a moved work directory is removed once") {
  TemporaryStore store;
  WorkDirectory first = store->make_work_directory();
  {
    const WorkDirectory second = std::move(first);
    CHECK(second.root().find_stat(""));
  }
  CHECK(store->root().list("tmp").empty());
}

TEST_CASE("containers have folders of their own and running ones are not removed") {
  TemporaryStore store;
  const Containers& containers = store->containers();
  const ContainerFolder one = containers.create(Digest::of("image"));
  containers.create(Digest::of("image"));
  CHECK(containers.list().size() == 2);
  CHECK(containers.list()[0].image_manifest == Digest::of("image"));
  CHECK(Root::open(one.host_path).find_stat("upper"));
  {
    const auto running = containers.try_run_lock(one.id);
    REQUIRE(running);
    CHECK(containers.is_running(one.id));
    CHECK_THROWS_AS(containers.remove(one.id), Error);
  }
  CHECK_FALSE(containers.is_running(one.id));
  containers.remove(one.id);
  CHECK(containers.list().size() == 1);
  CHECK_THROWS_AS(containers.remove(one.id), Error);
  CHECK_THROWS_AS(containers.remove("../images"), Error);
}
