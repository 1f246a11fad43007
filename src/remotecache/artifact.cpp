#include "remotecache/artifact.hpp"

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
#include "strata/oci/media_type.hpp"

namespace strata::remotecache {

namespace {

namespace type {
constexpr std::string_view record = "application/vnd.strata.cache.record.v1";
constexpr std::string_view base = "application/vnd.strata.cache.base.v1";
constexpr std::string_view mount = "application/vnd.strata.cache.mount.v1";
constexpr std::string_view tree = "application/vnd.strata.layer-tree.v1+zstd";
/// manifest.md, "Guidance for an Empty Descriptor".
constexpr std::string_view empty = "application/vnd.oci.empty.v1+json";
}  // namespace type

constexpr const char* diff_id_annotation = "io.strata.diff-id";
constexpr std::string_view empty_document = "{}";

/// What is larger is asked for by itself: registries take manifests of 4 MiB.
constexpr std::size_t embedded_max = 256u << 10;
constexpr std::size_t manifest_size_max = 2u << 20;
constexpr std::size_t record_size_max = 64u << 20;
constexpr std::size_t packed_tree_size_max = 256u << 20;
constexpr std::size_t tree_size_max = 1u << 30;
constexpr int tree_level = 3;

SmallBlob make_blob(std::string_view media_type, std::string bytes) {
  oci::Descriptor descriptor{std::string(media_type), Digest::of(bytes), bytes.size(), {}, {}};
  if (bytes.size() <= embedded_max) descriptor.data = bytes;
  return {std::move(descriptor), std::move(bytes)};
}

SmallBlob empty_blob() { return make_blob(type::empty, std::string(empty_document)); }

SmallBlob make_tree_blob(const LayerTree& tree, WorkerPool& pool) {
  StringSink packed;
  CompressingSink packing(packed, make_compression(Codec::zstd, tree_level), pool);
  packing.write(encode_layer_tree(tree));
  packing.finish();
  return make_blob(type::tree, packed.take());
}

registry::Document make_document(std::string_view artifact_type, oci::Descriptor config,
                                 std::vector<oci::Descriptor> layers) {
  oci::Manifest manifest{std::string(oci::media_type::manifest),
                         std::move(config),
                         std::move(layers),
                         {},
                         std::string(artifact_type)};
  std::string bytes = oci::to_json(manifest);
  if (bytes.size() > manifest_size_max) {
    for (oci::Descriptor& layer : manifest.layers) layer.data.clear();
    bytes = oci::to_json(manifest);
  }
  const Digest digest = Digest::of(bytes);
  return {manifest.media_type, digest, std::move(bytes)};
}

oci::Manifest read_manifest(const registry::Document& document, std::string_view artifact_type) {
  const std::string what = cat("cache artifact ", document.digest);
  oci::Manifest manifest = oci::parse_manifest(document.bytes, document.media_type, what);
  if (manifest.artifact_type != artifact_type) {
    fail(ErrorKind::corrupt, what, " is of type ", quoted(manifest.artifact_type), ", not ",
         artifact_type);
  }
  return manifest;
}

/// What the codec does not know of: paths as layers of this store have them, and content digests
/// for all files.
void check_entries(const Tree& tree) {
  for (const Entry& entry : tree.entries()) {
    if (root_path(entry.path) != entry.path)
      fail(ErrorKind::corrupt, "a layer's tree has the path ", quoted(entry.path));
    if (entry.is_file() && !entry.content)
      fail(ErrorKind::corrupt, "a layer's tree lacks the digest of ", quoted(entry.path));
  }
}

LayerTreePointer read_tree(const oci::Descriptor& blob, const Digest& layer_blob,
                           const Fetcher& fetcher) {
  if (blob.media_type != type::tree)
    fail(ErrorKind::corrupt, "expected a layer's tree, found ", quoted(blob.media_type));
  StringSource packed(fetcher.fetch(blob, packed_tree_size_max));
  const auto bytes = make_decompressor(packed, Codec::zstd);
  LayerTree tree = decode_layer_tree(read_all(*bytes, tree_size_max, "a layer's tree"));
  if (tree.blob != layer_blob)
    fail(ErrorKind::corrupt, "a layer's tree is that of another blob, ", tree.blob);
  check_entries(tree.tree);
  return std::make_shared<const LayerTree>(std::move(tree));
}

}  // namespace

Tags::Tags(const Depot& depot) {
  const auto repository = depot.repository();
  prefix_ = repository ? repository->tag : "cache";
}

std::string Tags::record(const CacheKey& key) const { return cat(prefix_, '-', key.hex()); }
std::string Tags::base(const Digest& manifest) const {
  return cat(prefix_, "-base-", manifest.hex());
}
std::string Tags::mount(const Digest& id) const { return cat(prefix_, "-mount-", id.hex()); }

Artifact make_record_artifact(const cache::Record& record, const LayerTree* tree,
                              WorkerPool& pool) {
  SmallBlob config = make_blob(type::record, cache::encode_record(record));
  SmallBlob companion = record.layer ? make_tree_blob(*tree, pool) : empty_blob();
  std::vector<oci::Descriptor> layers;
  if (record.layer) layers.push_back(record.layer->blob);
  layers.push_back(companion.descriptor);
  return {make_document(type::record, config.descriptor, std::move(layers)),
          {std::move(config), std::move(companion)}};
}

Artifact make_base_artifact(const std::vector<LayerTreePointer>& trees, WorkerPool& pool) {
  std::vector<SmallBlob> blobs{empty_blob()};
  std::vector<oci::Descriptor> layers;
  for (const LayerTreePointer& tree : trees) {
    blobs.push_back(make_tree_blob(*tree, pool));
    layers.push_back(blobs.back().descriptor);
  }
  return {make_document(type::base, blobs.front().descriptor, std::move(layers)), std::move(blobs)};
}

Artifact make_mount_artifact(const MountArchive& archive) {
  SmallBlob config = empty_blob();
  oci::Descriptor layer = archive.layer.blob;
  layer.annotations[diff_id_annotation] = to_string(archive.layer.diff_id);
  return {make_document(type::mount, config.descriptor, {std::move(layer)}), {std::move(config)}};
}

std::string Fetcher::fetch(const oci::Descriptor& blob, std::size_t size_max) const {
  if (auto bytes = oci::embedded(blob)) return std::move(*bytes);
  return depot_.fetch(blob, size_max, stop_);
}

FoundRecord read_record_artifact(const registry::Document& document, const Fetcher& fetcher) {
  const oci::Manifest manifest = read_manifest(document, type::record);
  auto record = cache::decode_record(fetcher.fetch(manifest.config, record_size_max));
  if (!record)
    fail(ErrorKind::corrupt, "cache artifact ", document.digest,
         " holds no record that is read here");
  if (!record->layer) return {std::move(*record), nullptr};
  if (manifest.layers.size() != 2)
    fail(ErrorKind::corrupt, "cache artifact ", document.digest, " has ", manifest.layers.size(),
         " blobs; expected a layer and its tree");
  LayerTreePointer tree = read_tree(manifest.layers.back(), record->layer->blob.digest, fetcher);
  return {std::move(*record), std::move(tree)};
}

std::vector<LayerTreePointer> read_base_artifact(const registry::Document& document,
                                                 const std::vector<oci::Layer>& layers,
                                                 const Fetcher& fetcher) {
  const oci::Manifest manifest = read_manifest(document, type::base);
  if (manifest.layers.size() != layers.size())
    fail(ErrorKind::corrupt, "cache artifact ", document.digest, " speaks of ",
         manifest.layers.size(), " layers; the image has ", layers.size());
  std::vector<LayerTreePointer> trees;
  for (std::size_t i = 0; i < layers.size(); ++i)
    trees.push_back(read_tree(manifest.layers[i], layers[i].blob.digest, fetcher));
  return trees;
}

oci::Layer read_mount_artifact(const registry::Document& document) {
  const oci::Manifest manifest = read_manifest(document, type::mount);
  if (manifest.layers.size() != 1)
    fail(ErrorKind::corrupt, "cache artifact ", document.digest, " is no cache mount's");
  oci::Descriptor blob = manifest.layers.front();
  const auto diff_id = blob.annotations.find(diff_id_annotation);
  const std::string text = diff_id == blob.annotations.end() ? "" : diff_id->second;
  blob.annotations.clear();
  return {DiffId(Digest::parse(text, "a cache mount's DiffID")), std::move(blob)};
}

}  // namespace strata::remotecache
