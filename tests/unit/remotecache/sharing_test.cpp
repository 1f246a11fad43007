// Records between two stores, through a directory: what a registry adds is tested end to end.

#include <doctest/doctest.h>

#include <fstream>

#include "remotecache/artifact.hpp"
#include "strata/remotecache/exports.hpp"
#include "strata/remotecache/imports.hpp"
#include "strata/remotecache/inlined.hpp"
#include "unit/store/sample_image.hpp"

namespace strata::remotecache {

namespace {

cache::RecordPointer record_of(store::Store& store, const std::string& command) {
  cache::Record record;
  record.text = "RUN " + command;
  record.ingredients.add("argv", command);
  record.layer = store::put_layer(store, store::sample_base());
  return std::make_shared<const cache::Record>(record);
}

/// Two machines, and the directory between them.
struct Machines {
  store::TemporaryStore here;
  store::TemporaryStore there;
  store::TemporaryDirectory between;
  WorkerPool pool{2};
  std::vector<std::string> told;

  Exported send(const std::vector<cache::RecordPointer>& records,
                const std::vector<oci::Image>& bases = {}) {
    return export_records(here.store, pool, *open_layout(between / "cache"), records, bases, {});
  }
  Imports receive() {
    return Imports(there.store, {open_layout(between / "cache")}, {},
                   [this](const std::string& text) { told.push_back(text); }, {});
  }
  void spoil(const Digest& blob) const {
    std::ofstream(between / ("cache/blobs/sha256/" + blob.hex()), std::ios::app) << 'x';
  }
};

registry::Document put_artifact(Depot& depot, const Artifact& artifact) {
  for (const SmallBlob& blob : artifact.blobs) depot.put(blob.descriptor.digest, blob.bytes, {});
  return artifact.manifest;
}

}  // namespace

TEST_CASE("a record is found with its tree, and its layer comes when it is wanted") {
  Machines machines;
  const auto record = record_of(machines.here.store, "make");
  const Digest blob = record->layer->blob.digest;
  CHECK(machines.send({record}).records_sent == 1);
  CHECK(machines.send({record}).records_there == 1);

  Imports imports = machines.receive();
  const auto found = imports.find(record->key(), {});
  REQUIRE(found);
  CHECK(found->record.text == "RUN make");
  const store::Layers& layers = machines.there->layers();
  CHECK(layers.is_promised(blob));
  CHECK(layers.tree(*found->record.layer)->tree.find("etc/owned"));
  CHECK_FALSE(machines.there->blobs().has(blob));
  CHECK(machines.there->root().list("trees").empty());
  layers.bring(blob);
  CHECK(machines.there->blobs().has(blob));
  CHECK_FALSE(layers.is_promised(blob));
  CHECK_FALSE(imports.find(CacheKey(Digest::of("another step")), {}));
}

TEST_CASE("a layer that does not come, or is not what it should be, breaks the promise") {
  Machines machines;
  const auto record = record_of(machines.here.store, "make");
  const Digest blob = record->layer->blob.digest;
  machines.send({record});
  Imports imports = machines.receive();
  REQUIRE(imports.find(record->key(), {}));
  machines.spoil(blob);
  CHECK_THROWS_AS(machines.there->layers().bring(blob), store::PromiseBroken);
  CHECK_FALSE(machines.there->blobs().has(blob));
  remove_tree(Root::open(machines.between.path()).fd(), "cache");
  CHECK_THROWS_AS(machines.there->layers().bring(blob), store::PromiseBroken);
  machines.there->layers().forget_promises();
  CHECK_FALSE(machines.there->layers().is_promised(blob));
}

TEST_CASE("a tree that is not the layer's breaks the promise when the bytes come") {
  Machines machines;
  const auto record = record_of(machines.here.store, "make");
  const oci::Layer& layer = *record->layer;
  const auto true_tree = machines.here->layers().tree(layer);
  std::vector<Entry> entries(true_tree->tree.entries().begin(), true_tree->tree.entries().end());
  entries.pop_back();
  const auto lie = std::make_shared<const LayerTree>(
      LayerTree{Tree(entries), layer.blob.digest, Codec::gzip, {}, 0});
  const auto bring = [&] {
    FdSource bytes(machines.here->blobs().open(layer.blob.digest));
    machines.there->layers().import_blob(bytes, layer.blob.digest, layer.diff_id);
  };
  machines.here->blobs().flush();
  machines.there->layers().promise({layer, bring, lie});
  CHECK(machines.there->layers().tree(layer) == lie);
  CHECK_THROWS_AS(machines.there->layers().bring(layer.blob.digest), store::PromiseBroken);
  // The lie is gone with the promise.
  CHECK(machines.there->layers().tree(layer)->tree.entries().size() == entries.size() + 1);
}

TEST_CASE("records under a foreign key, or damaged, are told of and missed") {
  Machines machines;
  const auto one = record_of(machines.here.store, "one");
  const auto two = record_of(machines.here.store, "two");
  const auto depot = open_layout(machines.between / "cache");
  const auto tree = machines.here->layers().tree(*one->layer);
  const Artifact artifact = make_record_artifact(*one, tree.get(), machines.pool);
  depot->put_manifest(Tags(*depot).record(two->key()), artifact.manifest, {});
  depot->finish();
  Imports imports = machines.receive();
  CHECK_FALSE(imports.find(two->key(), {}));
  REQUIRE(machines.told.size() == 1);
  CHECK(machines.told[0].find("another step") != std::string::npos);
  machines.spoil(artifact.manifest.digest);
  CHECK_FALSE(machines.receive().find(two->key(), {}));
  CHECK(machines.told.size() == 2);
}

TEST_CASE("a record that says something else of a layer that is here is missed") {
  Machines machines;
  const auto record = record_of(machines.here.store, "make");
  store::put_layer(machines.there.store, store::sample_base());
  const auto with = [&](const char* command, const std::function<void(oci::Layer&)>& change) {
    cache::Record lie = *record;
    lie.ingredients.add("lie", command);
    change(*lie.layer);
    return std::make_shared<const cache::Record>(lie);
  };
  const auto other_diff_id =
      with("diff id", [](oci::Layer& layer) { layer.diff_id = DiffId(Digest::of("other")); });
  const auto other_size = with("size", [](oci::Layer& layer) { ++layer.blob.size; });
  const auto other_type = with("type", [](oci::Layer& layer) { layer.blob.media_type = "text"; });
  const auto tree = machines.here->layers().tree(*record->layer);
  const auto depot = open_layout(machines.between / "cache");
  for (const auto& sent : {record, other_diff_id, other_size, other_type})
    depot->put_manifest(
        Tags(*depot).record(sent->key()),
        put_artifact(*depot, make_record_artifact(*sent, tree.get(), machines.pool)), {});
  depot->finish();
  Imports imports = machines.receive();
  CHECK(imports.find(record->key(), {}));
  for (const auto& lie : {other_diff_id, other_size, other_type})
    CHECK_FALSE(imports.find(lie->key(), {}));
  CHECK(machines.told.size() == 3);
}

TEST_CASE("the trees of a base are known without its layers") {
  Machines machines;
  const oci::Image image = store::sample_image(machines.here.store);
  machines.send({}, {image});
  Imports imports = machines.receive();
  int brought = 0;
  REQUIRE(imports.promise_base(image, oci::parse_reference("base"), [&] { ++brought; }));
  const auto view = machines.there->layers().view(image.layers());
  CHECK(view.find("etc/new"));
  CHECK_FALSE(view.find("etc/removed"));
  CHECK(brought == 0);
  CHECK_THROWS_AS(machines.there->layers().bring(image.layers()[0].blob.digest),
                  store::PromiseBroken);
  CHECK(brought == 1);
  CHECK(machines.there->layers().promised_place(image.layers()[0].blob.digest)->path ==
        "library/base");
}

TEST_CASE("records travel in an image's config, those of its own layers alone") {
  store::TemporaryStore store;
  const auto own = record_of(store.store, "own");
  cache::Record foreign = *own;
  foreign.ingredients.add("other", "x");
  foreign.layer->blob.digest = Digest::of("elsewhere");
  cache::Record edit;
  edit.ingredients.add("instruction", "ENV A=b");
  const oci::Image image = store::layered_image({*own->layer});
  const oci::Image with = with_records(image, {own, std::make_shared<const cache::Record>(foreign),
                                               std::make_shared<const cache::Record>(edit)});
  const auto records = inlined_records(oci::parse_image_config(with.config_json, "config"));
  REQUIRE(records.size() == 2);
  CHECK(records[0].key() == own->key());
  CHECK(records[1].key() == edit.key());
  CHECK(with.id() != image.id());
  // Made again it is the same, and has not the old ones too.
  CHECK(with_records(with, {own}).id() == with_records(image, {own}).id());
  CHECK(inlined_records(image.config).empty());
}

}  // namespace strata::remotecache
