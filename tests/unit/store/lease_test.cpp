#include "strata/store/lease.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <thread>

#include "unit/store/temporary_store.hpp"

using namespace strata;
using namespace strata::store;

namespace {

const Digest blob = Digest::of("blob");

}  // namespace

TEST_CASE("a blob that another process writes is known as long as that process lives") {
  TemporaryStore store;
  std::optional<Store> other(std::in_place, store.directory.path());
  CHECK_FALSE(store->lease().is_written_elsewhere(blob));
  other->lease().hold(blob);
  CHECK_FALSE(store->lease().is_written_elsewhere(blob));
  other->lease().hold_unwritten(blob);
  CHECK(store->lease().is_written_elsewhere(blob));
  CHECK_FALSE(other->lease().is_written_elsewhere(blob));
  other.reset();
  CHECK_FALSE(store->lease().is_written_elsewhere(blob));
}

TEST_CASE("a blob on its way to the disk is waited for and any other is not") {
  TemporaryStore store;
  Store other(store.directory.path());
  CHECK_FALSE(store->blobs().await_size(blob));
  other.lease().hold_unwritten(blob);
  std::jthread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    other.blobs().put("blob");
  });
  CHECK(store->blobs().await_size(blob) == 4);
}
