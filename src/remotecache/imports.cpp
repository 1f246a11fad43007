#include "strata/remotecache/imports.hpp"

#include <algorithm>
#include <atomic>
#include <map>

#include "remotecache/artifact.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/oci/media_type.hpp"
#include "strata/remotecache/inlined.hpp"

namespace strata::remotecache {

/// One shared cache, and how far it is to be asked.
class Imports::Place {
 public:
  Place(store::Store& store, std::shared_ptr<Depot> depot, std::vector<oci::Platform> platforms,
        Tell tell)
      : store_(store),
        depot_(std::move(depot)),
        tags_(*depot_),
        platforms_(std::move(platforms)),
        tell_(std::move(tell)) {}

  std::string text() const { return depot_->text(); }

  std::optional<cache::Record> find(const CacheKey& key, const std::stop_token& stop) {
    const std::string tag = tags_.record(key);
    auto record = ask<cache::Record>(tag, stop, [&] { return find_artifact(tag, key, stop); });
    if (!record) record = ask<cache::Record>("", stop, [&] { return find_inlined(key, stop); });
    return record;
  }

  std::optional<std::vector<LayerTreePointer>> find_trees(const oci::Image& image,
                                                          const std::stop_token& stop) {
    using Trees = std::vector<LayerTreePointer>;
    const std::string tag = tags_.base(image.descriptor.digest);
    return ask<Trees>(tag, stop, [&]() -> std::optional<Trees> {
      const auto document = depot_->find(tag, stop);
      if (!document) return std::nullopt;
      return read_base_artifact(*document, image.layers(), Fetcher(*depot_, stop));
    });
  }

  std::optional<MountArchive> find_mount(const Digest& id, const std::stop_token& stop) {
    const std::string tag = tags_.mount(id);
    return ask<MountArchive>(tag, stop, [&]() -> std::optional<MountArchive> {
      const auto document = depot_->find(tag, stop);
      if (!document) return std::nullopt;
      const oci::Layer layer = read_mount_artifact(*document);
      depot_->fetch_layer(store_, layer, stop);
      MountArchive archive = read_mount_archive(store_, layer);
      if (archive.id != id)
        fail(ErrorKind::corrupt, "it holds the cache mount ", archive.id, ", not ", id);
      tell_(cat("cache mount ", quoted(archive.name), " (", human_size(layer.blob.size),
                ") comes from ", text()));
      return archive;
    });
  }

 private:
  /// What `find` gives; nothing if the place is in trouble, which is told.
  template <class Found, class Find>
  std::optional<Found> ask(const std::string& tag, const std::stop_token& stop, const Find& find) {
    if (is_off_) return std::nullopt;
    try {
      return find();
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::interrupted || stop.stop_requested()) throw;
      if (error.kind() == ErrorKind::corrupt || error.kind() == ErrorKind::not_found) {
        depot_->distrust(tag);
        tell_(cat("warning: shared cache ", text(), ": ", error.message()));
      } else if (!is_off_.exchange(true)) {
        tell_(cat("warning: shared cache ", text(), " is not asked any more: ", error.message()));
      }
      return std::nullopt;
    }
  }

  std::optional<cache::Record> find_artifact(const std::string& tag, const CacheKey& key,
                                             const std::stop_token& stop) {
    const auto document = depot_->find(tag, stop);
    if (!document) return std::nullopt;
    FoundRecord found = read_record_artifact(*document, Fetcher(*depot_, stop));
    if (found.record.key() != key)
      fail(ErrorKind::corrupt, "the record under ", tag, " is that of another step");
    if (found.record.layer) take(*found.record.layer, found.tree, stop, tag);
    return std::move(found.record);
  }

  std::optional<cache::Record> find_inlined(const CacheKey& key, const std::stop_token& stop) {
    if (!depot_->repository()) return std::nullopt;
    const std::lock_guard lock(mutex_);
    if (!inlined_) {
      inlined_.emplace();
      read_images(stop);
    }
    const auto found = inlined_->find(key);
    if (found == inlined_->end()) return std::nullopt;
    if (found->second.layer) take(*found->second.layer, nullptr, stop, "");
    return found->second;
  }

  /// With the lock held: the records in the image, or images, that have the cache's own name.
  void read_images(const std::stop_token& stop) {
    const auto document = depot_->find(tags_.image(), stop);
    if (!document) return;
    if (oci::media_type::is_index(document->media_type)) {
      const oci::Index index = oci::parse_index(document->bytes, document->media_type, text());
      for (const oci::Platform& platform : platforms_) {
        const oci::Descriptor chosen = oci::choose_manifest(index, platform, text());
        if (const auto manifest = depot_->find(to_string(chosen.digest), stop))
          read_image(*manifest, stop);
      }
      return;
    }
    read_image(*document, stop);
  }

  void read_image(const registry::Document& document, const std::stop_token& stop) {
    const oci::Manifest manifest = oci::parse_manifest(document.bytes, document.media_type, text());
    if (!manifest.artifact_type.empty()) return;
    const Fetcher fetcher(*depot_, stop);
    const oci::ImageConfig config =
        oci::parse_image_config(fetcher.fetch(manifest.config, oci::document_size_max), text());
    for (cache::Record& record : inlined_records(config))
      inlined_->emplace(record.key(), std::move(record));
  }

  /// Makes a record's layer one of the store: a blob that is here must be what the record says.
  void take(const oci::Layer& layer, LayerTreePointer tree, const std::stop_token& stop,
            const std::string& tag) {
    const Digest& blob = layer.blob.digest;
    if (!oci::media_type::layer_codec(layer.blob.media_type))
      fail(ErrorKind::corrupt, "a record has a layer of type ", quoted(layer.blob.media_type));
    store_.lease().hold(blob);
    const auto size = store_.blobs().find_size(blob);
    if (!size) return promise(layer, std::move(tree), stop, tag);
    if (*size != layer.blob.size)
      fail(ErrorKind::corrupt, "layer ", blob, " has ", *size, " bytes here, but ", layer.blob.size,
           " by a record");
    store_.layers().import_stored(blob, layer.diff_id);
  }

  void promise(const oci::Layer& layer, LayerTreePointer tree, const std::stop_token& stop,
               const std::string& tag) {
    const auto bring = [this, layer, stop, tag] {
      tell_(cat("layer ", layer.diff_id.digest().short_hex(), " (", human_size(layer.blob.size),
                ") comes from ", text()));
      try {
        depot_->fetch_layer(store_, layer, stop);
      } catch (const Error&) {
        depot_->distrust(tag);
        throw;
      }
    };
    store_.layers().promise({layer, bring, std::move(tree), depot_->repository()});
  }

  store::Store& store_;
  std::shared_ptr<Depot> depot_;
  Tags tags_;
  std::vector<oci::Platform> platforms_;
  Tell tell_;
  std::atomic<bool> is_off_ = false;
  std::mutex mutex_;  ///< guards what follows
  std::optional<std::map<CacheKey, cache::Record>> inlined_;
};

Imports::Imports(store::Store& store, std::vector<std::shared_ptr<Depot>> depots,
                 std::vector<oci::Platform> platforms, Tell tell, std::stop_token stop)
    : store_(store), tell_(std::move(tell)), stop_(std::move(stop)) {
  for (std::shared_ptr<Depot>& depot : depots)
    places_.push_back(std::make_unique<Place>(store, std::move(depot), platforms, tell_));
}

Imports::~Imports() = default;

std::optional<cache::SharedRecord> Imports::find(const CacheKey& key, const std::stop_token& stop) {
  for (const auto& place : places_)
    if (auto record = place->find(key, stop))
      return cache::SharedRecord{std::move(*record), place->text()};
  return std::nullopt;
}

bool Imports::promise_base(const oci::Image& image, const oci::Reference& name,
                           const std::function<void()>& bring) {
  const std::vector<oci::Layer> layers = image.layers();
  // The first layer that is asked for brings them all, and whoever wants another waits.
  const auto turn = std::make_shared<std::mutex>();
  const auto bring_all = [this, bring, name, turn, layers] {
    const std::lock_guard lock(*turn);
    const auto& blobs = store_.blobs();
    if (std::all_of(layers.begin(), layers.end(),
                    [&](const oci::Layer& layer) { return blobs.has(layer.blob.digest); }))
      return;
    tell_(cat("base image ", oci::familiar_name(name), " is fetched for its bytes"));
    bring();
  };
  for (const auto& place : places_) {
    const auto trees = place->find_trees(image, stop_);
    if (!trees) continue;
    for (std::size_t i = 0; i < layers.size(); ++i)
      store_.layers().promise({layers[i], bring_all, (*trees)[i], name});
    return true;
  }
  return false;
}

bool Imports::fill_mount(const Digest& id, const Root& data) {
  for (const auto& place : places_) {
    const auto archive = place->find_mount(id, stop_);
    if (!archive) continue;
    unpack_mount(store_, *archive, data);
    return true;
  }
  return false;
}

}  // namespace strata::remotecache
