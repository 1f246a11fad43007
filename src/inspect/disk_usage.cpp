#include "strata/inspect/disk_usage.hpp"

#include <map>
#include <set>

#include "strata/base/directory_size.hpp"
#include "strata/cache/record.hpp"
#include "strata/container/container.hpp"

namespace strata::inspect {

namespace {

/// The blobs of an image with their sizes.
std::map<Digest, std::uint64_t> blobs_of(const oci::Image& image) {
  std::map<Digest, std::uint64_t> blobs;
  blobs[image.descriptor.digest] = image.descriptor.size;
  blobs[image.manifest.config.digest] = image.manifest.config.size;
  for (const oci::Descriptor& layer : image.manifest.layers) blobs[layer.digest] = layer.size;
  return blobs;
}

/// Measures a store part by part; what one part has counted, later ones leave out.
class Measurement {
 public:
  explicit Measurement(const store::Store& store) : store_(store) {}

  DiskUsage run() {
    measure_containers();
    measure_images();
    measure_cache();
    measure_cache_mounts();
    measure_derived();
    measure_loose_blobs();
    return std::move(usage_);
  }

 private:
  void measure_containers() {
    for (const container::Container& one : container::list(store_)) {
      const std::uint64_t size = container::writable_size(one);
      const bool running = one.state == container::State::running;
      usage_.containers.push_back({one.id, one.name, size, running});
      usage_.containers_size += size;
      if (!running) usage_.containers_stopped += size;
      ++containers_on_[one.image];
    }
  }

  void measure_images() {
    const auto images = store_.images().list();
    std::map<Digest, std::size_t> users;
    for (const auto& named : images)
      for (const auto& [digest, size] : blobs_of(named.image)) ++users[digest];
    std::set<Digest> in_use;
    for (const auto& named : images) {
      ImageUsage image = measure_image(named, users);
      for (const auto& [digest, size] : blobs_of(named.image)) {
        if (counted_.insert(digest).second) usage_.images_size += size;
        if (image.containers > 0) in_use.insert(digest);
      }
      usage_.images.push_back(std::move(image));
    }
    usage_.images_unused = usage_.images_size;
    for (const Digest& digest : in_use)
      usage_.images_unused -= store_.blobs().find_size(digest).value_or(0);
  }

  ImageUsage measure_image(const store::NamedImage& named,
                           const std::map<Digest, std::size_t>& users) const {
    ImageUsage usage{named.names.empty() ? "<none>" : oci::familiar_name(named.names.front()),
                     named.image.id(),
                     0,
                     0,
                     0,
                     0};
    for (const auto& [digest, size] : blobs_of(named.image)) {
      usage.size += size;
      if (users.at(digest) > 1) usage.shared += size;
    }
    usage.unique = usage.size - usage.shared;
    const auto containers = containers_on_.find(named.image.descriptor.digest);
    if (containers != containers_on_.end()) usage.containers = containers->second;
    return usage;
  }

  void measure_cache() {
    const std::set<Digest> of_images = counted_;
    for (const Digest& key : store_.cache_records().list()) {
      usage_.cache_size += store_.cache_records().size_on_disk(key);
      const auto text = store_.cache_records().find(key);
      const auto record = text ? cache::decode_record(*text) : std::nullopt;
      if (!record) continue;
      CacheUsage one{CacheKey(key), record->text, record->created, 0, false};
      if (record->layer) {
        const Digest& blob = record->layer->blob.digest;
        one.size = store_.blobs().find_size(blob).value_or(0);
        one.shared = of_images.contains(blob);
        if (counted_.insert(blob).second) usage_.cache_size += one.size;
      }
      usage_.cache.push_back(std::move(one));
    }
    for (const Digest& key : store_.slots().list())
      usage_.cache_size += store_.slots().size_on_disk(key);
    usage_.cache_size += directory_size(store_.root(), "contexts");
    if (store_.root().find_stat("remotes"))
      usage_.cache_size += directory_size(store_.root(), "remotes");
  }

  void measure_cache_mounts() {
    usage_.cache_mounts = store_.cache_mounts().list();
    for (const store::CacheMountInfo& cache : usage_.cache_mounts) {
      usage_.cache_mounts_size += cache.size;
      if (!cache.in_use) usage_.cache_mounts_unused += cache.size;
    }
  }

  void measure_derived() {
    usage_.unpacked_count = store_.root().list("unpacked").size();
    usage_.unpacked_size =
        directory_size(store_.root(), "unpacked") + directory_size(store_.root(), "trees");
  }

  void measure_loose_blobs() {
    for (const Digest& digest : store_.blobs().list())
      if (!counted_.contains(digest))
        usage_.loose_size += store_.blobs().find_size(digest).value_or(0);
  }

  const store::Store& store_;
  DiskUsage usage_;
  std::set<Digest> counted_;
  std::map<Digest, std::size_t> containers_on_;
};

}  // namespace

DiskUsage measure(const store::Store& store) { return Measurement(store).run(); }

}  // namespace strata::inspect
