#include "strata/remotecache/mount_archive.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include "strata/base/file.hpp"
#include "unit/store/temporary_store.hpp"

namespace strata::remotecache {

namespace {

const Digest id = Digest::of("cache");

void make_cache(store::Store& store) {
  const auto fill = [](const Root& data) {
    write_file(data.fd(), "object", "bytes", Durability::none);
    data.make_directory("deep", 0750);
    data.make_hard_link("deep/other", "object");
    data.make_symlink("link", "/etc/passwd");
    REQUIRE(::fchmod(data.fd(), 0770) == 0);
  };
  store.cache_mounts().hold({id, "go", store::CacheSharing::shared, fill, {}}, {});
}

std::string read_in(const Root& data, const std::string& path) {
  return read_all(data.open_file(path, O_RDONLY, Links::keep).get(), 1000, path);
}

}  // namespace

TEST_CASE("a cache mount comes to another store as it was" * doctest::skip(::geteuid() != 0)) {
  store::TemporaryStore here;
  store::TemporaryStore there;
  WorkerPool pool(2);
  make_cache(here.store);
  const auto packed = pack_mounts(here.store, pool, "go", {});
  REQUIRE(packed.size() == 1);
  CHECK(packed[0].id == id);
  // Equal content, equal bytes.
  CHECK(pack_mounts(here.store, pool, "go", {})[0].layer.blob == packed[0].layer.blob);

  FdSource bytes(here->blobs().open(packed[0].layer.blob.digest));
  const oci::Layer layer = there->layers().import_blob(bytes, std::nullopt, std::nullopt);
  const MountArchive archive = read_mount_archive(there.store, layer);
  CHECK(archive.name == "go");
  put_mount(there.store, archive, {});
  put_mount(there.store, archive, {});  // in place of what is there
  const auto held = there->cache_mounts().hold_alone(id, {});
  REQUIRE(held);
  CHECK(read_in(held->data(), "object") == "bytes");
  CHECK(held->data().find_stat("deep/other")->st_nlink == 2);
  CHECK(held->data().read_link("link") == "/etc/passwd");
  CHECK((stat_of(held->data().fd()).st_mode & 07777u) == 0770);
  CHECK((held->data().find_stat("deep")->st_mode & 07777u) == 0750);
}

TEST_CASE("an unknown cache is named with those there are") {
  store::TemporaryStore store;
  WorkerPool pool(1);
  make_cache(store.store);
  CHECK_THROWS_WITH_AS(pack_mounts(store.store, pool, "npm", {}),
                       "there is no cache mount \"npm\"; there are \"go\"", Error);
}

TEST_CASE("an archive that is none is refused, and links do not lead out of it") {
  store::TemporaryStore store;
  const std::string label = R"({"id":")" + to_string(id) + R"(","name":"go"})";
  const auto import = [&](const store::Contents& contents) {
    return store::put_layer(store.store, contents);
  };
  CHECK_THROWS_AS(read_mount_archive(store.store, import({{store::file_entry("x", "y"), "y"}})),
                  Error);
  CHECK_THROWS_AS(
      read_mount_archive(store.store, import({{store::directory_entry("data"), ""},
                                              {store::file_entry("cache.json", "{}"), "{}"}})),
      Error);
  const MountArchive hostile = read_mount_archive(
      store.store, import({{store::file_entry("cache.json", label), label},
                           {store::directory_entry("data"), ""},
                           {store::entry_of(EntryType::hard_link, "data/out", "cache.json"), ""}}));
  CHECK_THROWS_AS(put_mount(store.store, hostile, {}), Error);
  CHECK(store->cache_mounts().list().empty());
}

}  // namespace strata::remotecache
