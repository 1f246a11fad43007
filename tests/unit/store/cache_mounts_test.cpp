#include "strata/store/cache_mounts.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>

#include "strata/base/file.hpp"
#include "strata/store/collect.hpp"
#include "unit/store/temporary_store.hpp"

using namespace strata;
using namespace strata::store;

namespace {

const Digest some_id = Digest::of("some");

CacheMountWish wish_of(CacheSharing sharing, const Digest& id = some_id) {
  return {id, "cache of " + id.hex().substr(0, 4), sharing, {}, {}};
}

void write(const Root& directory, const std::string& name, std::string_view text) {
  write_file(directory.fd(), name, text, Durability::none);
}

std::vector<std::string> names_in(Store& store) { return store.root().list("mounts"); }

}  // namespace

TEST_CASE("a cache keeps what was written to it") {
  TemporaryStore store;
  write(store->cache_mounts().hold(wish_of(CacheSharing::shared), {}).data(), "file", "text");
  const auto again = store->cache_mounts().hold(wish_of(CacheSharing::locked), {});
  CHECK(again.data().list("") == std::vector<std::string>{"file"});
  CHECK(names_in(store.store) == std::vector<std::string>{some_id.hex()});
}

TEST_CASE("a new cache is filled and an old one is not") {
  TemporaryStore store;
  CacheMountWish wish = wish_of(CacheSharing::shared);
  int filled = 0;
  wish.fill = [&](const Root& data) {
    ++filled;
    write(data, "first", "");
  };
  CHECK(store->cache_mounts().hold(wish, {}).data().find_stat("first"));
  CHECK(store->cache_mounts().hold(wish, {}).data().find_stat("first"));
  CHECK(filled == 1);
}

TEST_CASE("a cache that could not be filled is not there") {
  TemporaryStore store;
  CacheMountWish wish = wish_of(CacheSharing::shared);
  wish.fill = [](const Root& data) {
    write(data, "half", "");
    fail(ErrorKind::system, "no more");
  };
  CHECK_THROWS_AS(store->cache_mounts().hold(wish, {}), Error);
  CHECK(names_in(store.store).empty());
  CHECK(store->root().list("tmp").empty());
}

TEST_CASE("sharers work in one directory") {
  TemporaryStore store;
  const auto one = store->cache_mounts().hold(wish_of(CacheSharing::shared), {});
  const auto two = store->cache_mounts().hold(wish_of(CacheSharing::shared), {});
  write(one.data(), "file", "");
  CHECK(two.data().find_stat("file"));
}

TEST_CASE("who wants a cache alone gets another one while the first is in use") {
  TemporaryStore store;
  const CacheMounts& caches = store->cache_mounts();
  const auto wish = wish_of(CacheSharing::private_copy);
  {
    const auto one = caches.hold(wish, {});
    const auto two = caches.hold(wish, {});
    write(one.data(), "one", "");
    write(two.data(), "two", "");
    CHECK(names_in(store.store).size() == 2);
  }
  CHECK(caches.hold(wish, {}).data().find_stat("one"));
  CHECK(names_in(store.store).size() == 2);
}

TEST_CASE("a locked cache is waited for and the waiting is told once") {
  TemporaryStore store;
  std::optional<HeldCacheMount> held =
      store->cache_mounts().hold(wish_of(CacheSharing::locked), {});
  std::atomic<int> told = 0;
  std::atomic<bool> done = false;
  CacheMountWish wish = wish_of(CacheSharing::locked);
  wish.on_wait = [&] { ++told; };
  std::jthread waiter([&] {
    const auto mine = store->cache_mounts().hold(wish, {});
    done = true;
  });
  while (told == 0) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(120));
  CHECK(!done);
  held.reset();
  waiter.join();
  CHECK(done);
  CHECK(told == 1);
}

TEST_CASE("waiting for a cache ends when a stop is asked for") {
  TemporaryStore store;
  const auto held = store->cache_mounts().hold(wish_of(CacheSharing::shared), {});
  std::stop_source stop;
  CacheMountWish wish = wish_of(CacheSharing::locked);
  wish.on_wait = [&] { stop.request_stop(); };
  try {
    store->cache_mounts().hold(wish, stop.get_token());
    FAIL("it did not wait");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::interrupted);
  }
}

TEST_CASE("caches are listed with their names and sizes and whether they are in use") {
  TemporaryStore store;
  const CacheMounts& caches = store->cache_mounts();
  const Digest other_id = Digest::of("other");
  write(caches.hold(wish_of(CacheSharing::shared, other_id), {}).data(), "f", "12345");
  const auto held = caches.hold(wish_of(CacheSharing::shared), {});
  const auto list = caches.list();
  REQUIRE(list.size() == 2);
  for (const CacheMountInfo& cache : list) {
    CHECK(cache.name == "cache of " + cache.id.hex().substr(0, 4));
    CHECK(cache.in_use == (cache.id == some_id));
    CHECK(cache.size == (cache.id == some_id ? 0 : 5));
    CHECK(now() - cache.used < std::chrono::minutes(1));
  }
}

TEST_CASE("a prune takes caches that nobody uses and leaves the others") {
  TemporaryStore store;
  const CacheMounts& caches = store->cache_mounts();
  const Digest other_id = Digest::of("other");
  write(caches.hold(wish_of(CacheSharing::shared, other_id), {}).data(), "f", "12345");
  {
    const auto held = caches.hold(wish_of(CacheSharing::shared), {});
    CollectOptions options;
    CHECK(collect(store.store, options).cache_mounts.empty());
    options.drop_cache_mounts = true;
    const Collected collected = collect(store.store, options);
    REQUIRE(collected.cache_mounts.size() == 1);
    CHECK(collected.cache_mounts[0].id == other_id);
    CHECK(collected.bytes > 0);
    CHECK(names_in(store.store) == std::vector<std::string>{some_id.hex()});
  }
  // One that was taken away is made anew.
  CHECK(caches.hold(wish_of(CacheSharing::shared, other_id), {}).data().list("").empty());
}

TEST_CASE("two who make one cache at once work in one directory") {
  TemporaryStore store;
  const CacheMounts& caches = store->cache_mounts();
  CacheMountWish outer = wish_of(CacheSharing::shared);
  std::optional<HeldCacheMount> first;
  outer.fill = [&](const Root&) { first = caches.hold(wish_of(CacheSharing::shared), {}); };
  const auto second = caches.hold(outer, {});
  write(first->data(), "file", "");
  CHECK(second.data().find_stat("file"));
}
