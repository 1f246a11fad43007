#include "strata/store/collect.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "strata/base/file.hpp"
#include "strata/store/slot_table.hpp"
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

namespace {

/// A store with two records of fetched things, of which the second has lost its blob, and a stat
/// index, all last used in 1970.
struct Remembering {
  const Digest blob = Digest::of("gone");
  const Digest whole = Digest::of("whole"), dangling = Digest::of("dangling"),
               index = Digest::of("index");
  TemporaryStore store;
  CollectOptions options;

  Remembering() {
    const Records records(store->root(), "remotes");
    store->images().put(bare_image(store.store, "fetched"), {name("fetched")});
    records.put(whole, to_string(store->images().list()[0].image.manifest.config.digest));
    records.put(dangling, to_string(blob));
    store->root().create_file("contexts/" + index.hex(), 0600);
    for (const std::string& file : {"remotes/" + whole.hex(), "contexts/" + index.hex()}) {
      const timespec times[2] = {{0, 0}, {0, 0}};
      REQUIRE(::utimensat(store->root().fd(), file.c_str(), times, 0) == 0);
    }
    options.fetched_blob = [](std::string_view record) { return Digest::find(record); };
    store->lease().release();
  }
  Collected run() { return collect(store.store, options); }
};

}  // namespace

TEST_CASE("a slot goes with the record it leads to") {
  TemporaryStore store;
  const Digest kept = Digest::of("kept");
  const Digest dropped = Digest::of("dropped");
  for (const Digest& key : {kept, dropped}) store->cache_records().put(key, "record");
  const auto put_slots = [&](const Digest& dockerfile, const std::vector<Digest>& keys) {
    SlotTable table;
    for (const Digest& key : keys) table.set(Digest::of(key.hex()), key);
    store->slots().put(dockerfile, table.encode());
  };
  const Digest mixed = Digest::of("a Dockerfile with both");
  put_slots(mixed, {kept, dropped});
  put_slots(Digest::of("a Dockerfile that is gone"), {dropped});
  CollectOptions options;
  options.drop_record = [&](const Digest& key, std::string_view) { return key == dropped; };
  collect(store.store, options);
  CHECK(store->slots().list() == std::vector{mixed});
  const SlotTable left = SlotTable::decode(store->slots().find(mixed).value());
  CHECK(*left.find(Digest::of(kept.hex())) == kept);
  CHECK(left.find(Digest::of(dropped.hex())) == nullptr);
}

TEST_CASE("what is remembered of fetched things goes with its blob") {
  Remembering remembering;
  const Collected collected = remembering.run();
  CHECK(collected.fetched == std::vector{remembering.dangling});
  CHECK(collected.indexes.empty());
  CHECK(collected.bytes > 0);
  CHECK(remembering.run().fetched.empty());
}

TEST_CASE("a record whose blob goes in the same collection goes with it") {
  Remembering remembering;
  remembering.store->images().remove("fetched", Images::Force::no);
  remembering.store->lease().release();  // whoever looked at the image holds it
  CHECK(remembering.run().fetched.size() == 2);
}

TEST_CASE("a damaged record of a fetched thing goes") {
  Remembering remembering;
  remembering.run();
  const Root& root = remembering.store->root();
  write_file(root.fd(), "remotes/" + remembering.whole.hex(), "x", Durability::none);
  CHECK(remembering.run().fetched == std::vector{remembering.whole});
}

TEST_CASE("what nobody has used since a time is forgotten and what is used stays") {
  Remembering remembering;
  remembering.options.unused_since = from_unix_seconds(0);
  CHECK(remembering.run().fetched.size() == 1);
  Records(remembering.store->root(), "remotes").touch(remembering.whole);
  remembering.options.unused_since = from_unix_seconds(1);
  const Collected collected = remembering.run();
  CHECK(collected.fetched.empty());
  CHECK(collected.indexes == std::vector{remembering.index});
}

TEST_CASE("what a living process holds is remembered whatever its age") {
  Remembering remembering;
  auto builder = remembering.store.open_again();
  builder->lease().hold(builder->images().list()[0].image.manifest.config.digest);
  remembering.options.unused_since = Time::max();
  CHECK(remembering.run().fetched == std::vector{remembering.dangling});
  builder.reset();
  CHECK(remembering.run().fetched == std::vector{remembering.whole});
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
