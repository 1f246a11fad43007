#pragma once
/// What travels, as OCI artifacts: a manifest under a tag that says the key, and small blobs, which
/// are embedded in the manifest where they are small enough, so that finding one takes one request.
///
///   TAG-<key>            a record: config = the record; layers = its layer and the layer's tree
///   TAG-base-<manifest>  what base images hold: layers = the trees of the image's layers
///   TAG-mount-<id>       a cache mount: layers = its archive

#include <string>
#include <vector>

#include "strata/base/worker_pool.hpp"
#include "strata/cache/record.hpp"
#include "strata/content/layer_blob.hpp"
#include "strata/remotecache/depot.hpp"
#include "strata/remotecache/mount_archive.hpp"

namespace strata::remotecache {

/// Tags of one cache.
class Tags {
 public:
  /// Those that begin with the tag by which people name the cache.
  explicit Tags(const Depot& depot);
  /// Where an image with records in it would be.
  const std::string& image() const { return prefix_; }
  std::string record(const CacheKey& key) const;
  std::string base(const Digest& manifest) const;
  std::string mount(const Digest& id) const;

 private:
  std::string prefix_;
};

/// A blob that is made here.
struct SmallBlob {
  oci::Descriptor descriptor;
  std::string bytes;
};

struct Artifact {
  registry::Document manifest;
  std::vector<SmallBlob> blobs;
};

using LayerTreePointer = std::shared_ptr<const LayerTree>;

/// `tree` is that of the record's layer; null without one.
Artifact make_record_artifact(const cache::Record& record, const LayerTree* tree, WorkerPool& pool);
Artifact make_base_artifact(const std::vector<LayerTreePointer>& trees, WorkerPool& pool);
Artifact make_mount_artifact(const MountArchive& archive);

/// Blobs as the depot hands them out: embedded, or asked for.
class Fetcher {
 public:
  Fetcher(Depot& depot, const std::stop_token& stop) : depot_(depot), stop_(stop) {}
  std::string fetch(const oci::Descriptor& blob, std::size_t size_max) const;

 private:
  Depot& depot_;
  const std::stop_token& stop_;
};

struct FoundRecord {
  cache::Record record;
  LayerTreePointer tree;  ///< null without a layer
};

/// All throw Error corrupt for what is not what it should be.
FoundRecord read_record_artifact(const registry::Document& document, const Fetcher& fetcher);
/// The trees of an image's layers, base first.
std::vector<LayerTreePointer> read_base_artifact(const registry::Document& document,
                                                 const std::vector<oci::Layer>& layers,
                                                 const Fetcher& fetcher);
oci::Layer read_mount_artifact(const registry::Document& document);

}  // namespace strata::remotecache
