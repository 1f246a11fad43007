#include "strata/store/images.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "unit/store/temporary_store.hpp"

using namespace strata;
using namespace strata::store;

namespace {

oci::Reference name(const std::string& text) { return oci::parse_reference(text); }

std::vector<std::string> listed_names(const Images& images) {
  std::vector<std::string> names;
  for (const NamedImage& image : images.list()) {
    if (image.names.empty()) names.push_back("<none>");
    for (const oci::Reference& own : image.names) names.push_back(oci::familiar_name(own));
  }
  std::sort(names.begin(), names.end());
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("an image is found by each name and id and beginning of an id") {
  TemporaryStore store;
  const Images& images = store->images();
  const oci::Image image = bare_image(store.store, "one");
  CHECK(images.put(image, {name("app:1"), name("r.example/app")}).empty());
  const std::string id = image.id().hex();
  for (const std::string& text :
       {std::string("app:1"), std::string("docker.io/library/app:1"),
        std::string("r.example/app:latest"), "sha256:" + id, id, id.substr(0, 12), id.substr(0, 2),
        to_string(image.descriptor.digest), "app@" + to_string(image.descriptor.digest)}) {
    CAPTURE(text);
    const auto found = images.find(text);
    REQUIRE(found);
    CHECK(found->image.manifest == image.manifest);
    CHECK(found->names.size() == 2);
  }
  for (const char* text : {"app", "app:2", "ap", "", "sha256:12", "NO/such", "f"}) {
    CHECK_FALSE(images.find(text));
  }
}

TEST_CASE("a name that is not there is answered with the nearest one") {
  TemporaryStore store;
  store->images().put(bare_image(store.store, "one"), {name("web-ping:1")});
  try {
    store->images().at("web-pong:1");
    FAIL("found");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::not_found);
    CHECK(error.message() == "there is no image \"web-pong:1\"; did you mean \"web-ping:1\"?");
  }
}

TEST_CASE("a digits prefix that fits two images is refused") {
  TemporaryStore store;
  std::map<std::string, int> prefixes;
  for (int i = 0; i < 60; ++i) {
    const oci::Image image = bare_image(store.store, std::to_string(i));
    store->images().put(image, {});
    ++prefixes[image.id().hex().substr(0, 2)];
  }
  for (const auto& [prefix, count] : prefixes) {
    if (count > 1) {
      CHECK_THROWS_AS(store->images().find(prefix), Error);
      return;
    }
  }
}

TEST_CASE("a name moves to the image that takes it and the loser stays without a name") {
  TemporaryStore store;
  const Images& images = store->images();
  images.put(bare_image(store.store, "old"), {name("app")});
  const auto taken = images.put(bare_image(store.store, "new"), {name("app")});
  CHECK(taken == std::vector{name("app")});
  CHECK(listed_names(images) == Names{"<none>", "app:latest"});
  CHECK(images.put(bare_image(store.store, "new"), {name("app")}).empty());
  CHECK(images.remove_dangling([](const Digest&) { return true; }).empty());
  CHECK(images.remove_dangling([](const Digest&) { return false; }).size() == 1);
  CHECK(listed_names(images) == Names{"app:latest"});
}

TEST_CASE("an image put without a name is listed until it gets one") {
  TemporaryStore store;
  const oci::Image image = bare_image(store.store, "x");
  store->images().put(image, {});
  store->images().put(image, {});
  CHECK(listed_names(store->images()) == Names{"<none>"});
  store->images().tag(image.id().hex(), name("named"));
  store->images().put(image, {});
  CHECK(listed_names(store->images()) == Names{"named:latest"});
}

TEST_CASE("an image whose layers are not in the store is not listed") {
  TemporaryStore store;
  oci::ImageConfig config;
  const oci::Image image = oci::make_image(
      config, {{DiffId(Digest::of("x")),
                {std::string(oci::media_type::layer), Digest::of("x"), 1, {}, {}}}});
  CHECK_THROWS_AS(store->images().put(image, {name("a")}), Error);
  CHECK(store->images().list().empty());
}

TEST_CASE("a name with a digest is given to the manifest of that digest alone") {
  TemporaryStore store;
  const Images& images = store->images();
  const oci::Image image = bare_image(store.store, "one");
  const oci::Image other = bare_image(store.store, "two");
  const auto pinned = [](const Digest& digest) { return name("app@" + to_string(digest)); };
  const auto refuses = [&](const auto& put) {
    try {
      put();
    } catch (const Error& error) {
      return error.kind() == ErrorKind::corrupt;
    }
    return false;
  };
  CHECK(refuses([&] { images.put(other, {name("two"), pinned(image.descriptor.digest)}); }));
  CHECK(refuses([&] { images.put(image, {pinned(image.id())}); }));  // of the config, not its own
  CHECK(images.list().empty());

  images.put(image, {pinned(image.descriptor.digest)});
  images.put(other, {name("two")});
  CHECK(refuses([&] { images.tag("two", pinned(image.descriptor.digest)); }));
  const std::string text = "app@" + to_string(image.descriptor.digest);
  REQUIRE(images.find(text));
  CHECK(images.find(text)->image.id() == image.id());
  CHECK_FALSE(images.find("app@" + to_string(other.descriptor.digest)));

  // By an index that lists it a name may be the index's, and no third one's.
  const oci::ImageIndex index = oci::make_index({other});
  CHECK(refuses(
      [&] { images.put(other, {pinned(image.descriptor.digest)}, index.descriptor.digest); }));
  images.put(other, {pinned(index.descriptor.digest)}, index.descriptor.digest);
  CHECK(images.find_reference(pinned(index.descriptor.digest), oci::host_platform())->id() ==
        other.id());
  CHECK(refuses([&] { images.put(index, {pinned(other.descriptor.digest)}); }));
  images.put(index, {pinned(index.descriptor.digest)});
}

TEST_CASE("removal by name untags and by id needs force for several names") {
  TemporaryStore store;
  const Images& images = store->images();
  const oci::Image image = bare_image(store.store, "x");
  images.put(image, {name("a"), name("b"), name("c")});
  Removal removal = images.remove("a", Images::Force::no);
  CHECK(removal.untagged == Names{"a:latest"});
  CHECK(removal.deleted.empty());
  CHECK_THROWS_AS(images.remove(image.id().short_hex(), Images::Force::no), Error);
  removal = images.remove(image.id().short_hex(), Images::Force::yes);
  CHECK(removal.untagged == Names{"b:latest", "c:latest"});
  CHECK(removal.deleted == std::vector{image.id()});
  CHECK(images.list().empty());
  CHECK_THROWS_AS(images.remove("a", Images::Force::no), Error);
}

TEST_CASE("removal of the last name takes the image off the list") {
  TemporaryStore store;
  const oci::Image image = bare_image(store.store, "x");
  store->images().put(image, {name("cafe")});  // a name that is also a prefix of hex digits
  CHECK(store->images().remove("cafe", Images::Force::no).deleted == std::vector{image.id()});
}

TEST_CASE("writers at the same time lose no image") {
  TemporaryStore store;
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, i] {
      const auto other = store.open_again();
      for (int j = 0; j < 4; ++j) {
        const std::string text = "app" + std::to_string(i) + ":" + std::to_string(j);
        other->images().put(bare_image(*other, text), {name(text)});
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(store->images().list().size() == 24);
}

TEST_CASE("the newest image comes first") {
  TemporaryStore store;
  const oci::Image base = bare_image(store.store, "x");
  for (const int seconds : {2, 3, 1}) {
    oci::ImageConfig config = base.config;
    config.created = from_unix_seconds(seconds);
    store->images().put(oci::make_image(config, base.layers()), {});
  }
  std::vector<std::int64_t> order;
  for (const NamedImage& image : store->images().list()) {
    order.push_back(to_unix_seconds(*image.image.config.created));
  }
  CHECK(order == std::vector<std::int64_t>{3, 2, 1});
}

TEST_CASE("an image for several platforms is one entry that holds all of them") {
  TemporaryStore store;
  const Images& images = store->images();
  const oci::Image base = bare_image(store.store, "x");
  std::vector<oci::Image> platforms;
  for (const char* architecture : {"riscv64", "s390x"}) {
    oci::ImageConfig config = base.config;
    config.platform = {"linux", architecture, ""};
    platforms.push_back(oci::make_image(config, base.layers()));
  }
  const oci::ImageIndex index = oci::make_index(platforms);
  images.put(index, {name("many")});

  CHECK(images.list().size() == 1);
  CHECK(images.document("many") == index.json);
  for (const oci::Image& image : platforms) {
    CHECK(images.find_reference(name("many"), image.config.platform)->id() == image.id());
  }
  CHECK_THROWS_AS(images.find_reference(name("many"), {"linux", "mips64le", ""}), Error);

  images.tag("many", name("other"));
  REQUIRE(images.find_index("other"));
  CHECK(images.find_index("other")->images.size() == 2);
  images.remove("many", Images::Force::no);
  CHECK(images.find_index("other")->descriptor.digest == index.descriptor.digest);

  // Of what another tool has copied only in part, the rest can be used.
  store->root().remove("blobs/sha256/" + platforms[0].descriptor.digest.hex());
  CHECK_FALSE(images.find_index("other"));
  CHECK(images.at("other").image.id() == platforms[1].id());
}
