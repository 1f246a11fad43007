#include "strata/store/verify.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "unit/store/sample_image.hpp"

using namespace strata;
using namespace strata::store;

namespace {

void overwrite(const std::string& path, const std::string& bytes) {
  ::chmod(path.c_str(), 0600);
  std::ofstream(path, std::ios::binary) << bytes;
}

struct Sample {
  TemporaryStore store;
  oci::Image image = sample_image(store.store);

  Sample() { store->images().put(image, {oci::parse_reference("app")}); }
  std::vector<std::string> faults(Depth depth) { return verify(*store.open_again(), depth); }
  std::string blob_path(const Digest& digest) {
    store->blobs().flush();
    return store.directory / ("blobs/sha256/" + digest.hex());
  }
};

}  // namespace

TEST_CASE("a whole store has no faults") {
  Sample sample;
  sample.store->layers().unpacked_path(sample.image.layers()[0]);
  CHECK(sample.faults(Depth::references).empty());
  CHECK(sample.faults(Depth::bytes).empty());
}

TEST_CASE("a missing or short layer blob is named") {
  Sample sample;
  const Digest layer = sample.image.layers()[0].blob.digest;
  overwrite(sample.blob_path(layer), "short");
  CHECK(sample.faults(Depth::references).size() == 1);
  sample.store->root().remove("blobs/sha256/" + layer.hex());
  const auto faults = sample.faults(Depth::references);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].find(layer.hex()) != std::string::npos);
}

TEST_CASE("a changed byte is found when all bytes are read") {
  Sample sample;
  const Digest layer = sample.image.layers()[1].blob.digest;
  std::string bytes = sample.store->blobs().read_document(layer, 1'000'000);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  overwrite(sample.blob_path(layer), bytes);
  CHECK(sample.faults(Depth::references).empty());
  CHECK(sample.faults(Depth::bytes).size() >= 1);
}

TEST_CASE("blobs that no image has are checked too") {
  Sample sample;
  const Digest blob = sample.store->blobs().put("loose");
  overwrite(sample.blob_path(blob), "lost!");
  CHECK(sample.faults(Depth::bytes).size() == 1);
}

TEST_CASE("a changed config or manifest or index is found") {
  Sample sample;
  overwrite(sample.blob_path(sample.image.id()), "{}");
  CHECK(sample.faults(Depth::references).size() == 1);
  overwrite(sample.store.directory / "index.json", "{}");
  CHECK(sample.faults(Depth::references).size() == 1);
  overwrite(sample.store.directory / "oci-layout", "");
  CHECK(sample.faults(Depth::references).size() == 2);
}

TEST_CASE("a changed file in an unpacked layer is found") {
  Sample sample;
  const std::string path = sample.store->layers().unpacked_path(sample.image.layers()[0]);
  overwrite(path + "/etc/a", "FIRST");
  const auto faults = sample.faults(Depth::bytes);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].find("\"etc/a\"") != std::string::npos);
}

TEST_CASE("a tree that is not that of its blob is found") {
  Sample sample;
  const oci::Layer layer = sample.image.layers()[0];
  LayerTree wrong = *sample.store->layers().tree(layer);
  wrong.tree = Tree({directory_entry("elsewhere")});
  sample.store->layers().put_tree(layer.diff_id, std::move(wrong));
  CHECK(sample.faults(Depth::bytes).size() == 1);
}
