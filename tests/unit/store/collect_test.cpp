#include "strata/store/collect.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "unit/store/temporary_store.hpp"

using namespace strata;
using namespace strata::store;

namespace {

oci::Reference name(const std::string& text) { return oci::parse_reference(text); }

/// What an earlier process has left in the store: its lease is gone.
struct Left {
  TemporaryDirectory directory;
  explicit Left(const std::function<void(Store&)>& work) {
    Store store(directory.path());
    work(store);
  }
  Store open() const { return Store(directory.path()); }
};

}  // namespace

TEST_CASE("a collection takes what nothing refers to and leaves every image whole") {
  const Left left([](Store& store) {
    store.images().put(bare_image(store, "kept"), {name("kept")});
    store.blobs().put("garbage");
  });
  Store store(left.directory.path());
  const Collected collected = collect(store, {});
  CHECK(collected.blobs == std::vector{Digest::of("garbage")});
  CHECK(collected.bytes >= 512);
  CHECK(store.images().list().size() == 1);
  CHECK(store.blobs().list().size() == 3);
  CHECK(store.root().list("tmp").empty());
  CHECK(collect(store, {}).blobs.empty());
}

TEST_CASE("what a living process holds stays and goes when the process has ended") {
  TemporaryStore collector;
  auto builder = collector.open_again();
  const Digest blob = builder->blobs().put("in work");
  CHECK(collect(collector.store, {}).blobs.empty());
  builder.reset();
  CHECK(collect(collector.store, {}).blobs == std::vector{blob});
}

TEST_CASE("a digest held before it exists is protected from its first moment") {
  TemporaryStore collector;
  auto builder = collector.open_again();
  auto other = collector.open_again();
  builder->lease().hold(Digest::of("later"));
  other->blobs().put("later");
  other.reset();
  CHECK(collect(collector.store, {}).blobs.empty());
  CHECK(builder->blobs().has(Digest::of("later")));
}

TEST_CASE("a container keeps the layers of its image") {
  Digest manifest = Digest::of("");
  const Left left([&](Store& store) {
    const oci::Image image = bare_image(store, "x");
    store.images().put(image, {name("x")});
    manifest = image.descriptor.digest;
    store.containers().create(manifest);
    store.images().remove("x", Images::Force::no);
  });
  Store store(left.directory.path());
  CHECK(collect(store, {}).blobs.empty());
  store.containers().remove(store.containers().list()[0].id);
  CHECK(collect(store, {}).blobs.size() == 3);
}

TEST_CASE("records keep what they refer to until they are dropped") {
  const Digest blob = Digest::of("layer");
  const Digest key = Digest::of("key");
  const Left left([&](Store& store) {
    store.blobs().put("layer");
    store.cache_records().put(key, to_string(blob));
  });
  Store store(left.directory.path());
  CollectOptions options;
  options.references = [](const Digest&, std::string_view record) {
    return std::vector{Digest::parse(record)};
  };
  CHECK(collect(store, options).blobs.empty());
  options.drop_record = [](const Digest&, std::string_view) { return true; };
  const Collected collected = collect(store, options);
  CHECK(collected.records == std::vector{key});
  CHECK(collected.blobs == std::vector{blob});
}

TEST_CASE("an image that cannot be read stops a collection before anything is lost") {
  const Left left([](Store& store) {
    const oci::Image image = bare_image(store, "x");
    store.images().put(image, {name("x")});
    store.root().remove("blobs/sha256/" + image.descriptor.digest.hex());
  });
  Store store(left.directory.path());
  CHECK_THROWS_AS(collect(store, {}), Error);
  CHECK(store.blobs().list().size() == 2);
}

TEST_CASE("builders beside a collector always find what they hold") {
  TemporaryStore first;
  std::atomic<bool> done = false;
  std::atomic<int> lost = 0;
  std::thread collector([&] {
    const auto store = first.open_again();
    while (!done) collect(*store, {});
  });
  std::vector<std::thread> builders;
  for (int i = 0; i < 3; ++i) {
    builders.emplace_back([&, i] {
      for (int round = 0; round < 15; ++round) {
        // Each round is a process: its lease ends with it, so the next finds blobs or not.
        const auto store = first.open_again();
        const std::string bytes = "shared " + std::to_string((i + round) % 3);
        const Digest digest = Digest::of(bytes);
        store->lease().hold(digest);
        if (!store->blobs().has(digest)) store->blobs().put(bytes);
        std::this_thread::yield();
        if (!store->blobs().has(digest)) ++lost;
        store->images().put(bare_image(*store, bytes), {name("app:" + std::to_string(i))});
      }
    });
  }
  for (std::thread& builder : builders) builder.join();
  done = true;
  collector.join();
  CHECK(lost == 0);
  for (const NamedImage& image : first->images().list()) {
    for (const oci::Layer& layer : image.image.layers()) {
      CHECK(first->blobs().has(layer.blob.digest));
    }
  }
}
