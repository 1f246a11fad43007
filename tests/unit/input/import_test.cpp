#include "strata/input/import.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "strata/content/tar.hpp"
#include "strata/store/verify.hpp"
#include "unit/store/sample_image.hpp"

using namespace strata;
using namespace strata::store;
using namespace strata::input;

namespace {

std::string tar_of(const Contents& contents) {
  StringSink bytes;
  TarWriter tar(bytes);
  for (const auto& [entry, text] : contents) {
    ViewSource data(text);
    tar.add(entry, entry.is_file() ? &data : nullptr);
  }
  tar.finish();
  return bytes.take();
}

LoadedImage import_contents(Store& store, const Contents& contents,
                            const ImportOptions& options = {}) {
  StringSource tar(tar_of(contents));
  WorkerPool pool(2);
  return import_rootfs(store, tar, {oci::parse_reference("base")}, options, pool);
}

ImportOptions fixed_options() {
  ImportOptions options;
  options.created = from_unix_seconds(1'000'000'000);
  options.origin = "rootfs.tar";
  options.message = "a note";
  return options;
}

}  // namespace

TEST_CASE("a root file system becomes an image of one layer") {
  TemporaryStore store;
  ImportOptions options = fixed_options();
  options.run.cmd = std::vector<std::string>{"sh"};
  const oci::Image image = import_contents(store.store, sample_base(), options).image;
  REQUIRE(image.layers().size() == 1);
  CHECK(store->images().at("base").image.id() == image.id());
  CHECK(image.config.created == options.created);
  CHECK(image.config.run.cmd == options.run.cmd);
  REQUIRE(image.config.history.size() == 1);
  CHECK(image.config.history[0].created_by == "imported from rootfs.tar");
  CHECK(image.config.history[0].comment == "a note");
  CHECK(verify(store.store, Depth::bytes).empty());

  const auto tree = store->layers().tree(image.layers()[0]);
  for (const auto& [entry, text] : sample_base()) {
    const Entry* found = tree->tree.find(entry.path);
    REQUIRE(found);
    CAPTURE(entry.path);
    CHECK(describe_difference(entry, *found) == (entry.is_file() ? "content" : ""));
    if (!entry.is_file()) continue;
    const auto bytes = store->layers().open_file(image.layers()[0], *found);
    CHECK(read_all(*bytes, 10'000'000, "file") == text);
  }
}

TEST_CASE("the order of the archive does not matter") {
  TemporaryStore store;
  Contents contents = sample_base();
  const Digest straight =
      import_contents(store.store, contents, fixed_options()).image.descriptor.digest;
  // A link must stay behind its file; everything else may move.
  std::reverse(contents.begin(), contents.end());
  const auto link = std::find_if(contents.begin(), contents.end(), [](const auto& item) {
    return item.first.type == EntryType::hard_link;
  });
  std::rotate(link, link + 1, contents.end());
  CHECK(import_contents(store.store, contents, fixed_options()).image.descriptor.digest ==
        straight);
}

TEST_CASE("of hard links the first path is the file whichever the archive began with") {
  TemporaryStore store;
  const Contents contents{{file_entry("z", "bytes"), "bytes"},
                          {entry_of(EntryType::hard_link, "a", "z"), ""},
                          {entry_of(EntryType::hard_link, "m", "a"), ""}};
  const oci::Image image = import_contents(store.store, contents).image;
  const auto tree = store->layers().tree(image.layers()[0]);
  CHECK(tree->tree.find("a")->is_file());
  CHECK(tree->tree.find("m")->rare->link == "a");
  CHECK(tree->tree.find("z")->rare->link == "a");
  CHECK(read_all(*store->layers().open_file(image.layers()[0], *tree->tree.find("a")), 10, "a") ==
        "bytes");
}

TEST_CASE("later times are clamped to what is asked for") {
  TemporaryStore store;
  ImportOptions options = fixed_options();
  options.latest_mtime = from_unix_seconds(1500);
  const oci::Image image = import_contents(store.store, sample_base(), options).image;
  const auto tree = store->layers().tree(image.layers()[0]);
  CHECK(tree->tree.find("etc/a")->mtime == 1000);
  CHECK(tree->tree.find("etc")->mtime == 1500);
}

TEST_CASE("an entry that comes twice is what it was last") {
  TemporaryStore store;
  const oci::Image image = import_contents(store.store, {{file_entry("a", "old"), "old"},
                                                         {file_entry("a", "newer"), "newer"}})
                               .image;
  const auto tree = store->layers().tree(image.layers()[0]);
  CHECK(read_all(*store->layers().open_file(image.layers()[0], *tree->tree.find("a")), 10, "a") ==
        "newer");
}

TEST_CASE("what is no root file system makes no image") {
  TemporaryStore store;
  WorkerPool pool(1);
  for (const std::string& bytes :
       {std::string(), std::string("no tar at all"), std::string(10240, '\0'),
        tar_of(sample_base()).substr(0, 4000),
        tar_of({{entry_of(EntryType::hard_link, "a", "nothing"), ""}})}) {
    StringSource tar(bytes);
    CHECK_THROWS_AS(import_rootfs(store.store, tar, {}, {}, pool), Error);
  }
  CHECK(store->images().list().empty());
}
