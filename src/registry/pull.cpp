#include "strata/registry/pull.hpp"

#include <algorithm>
#include <set>

#include "strata/base/error.hpp"
#include "strata/base/json.hpp"
#include "strata/base/text.hpp"
#include "strata/oci/media_type.hpp"
#include "strata/registry/layers.hpp"
#include "strata/registry/transfers.hpp"

namespace strata::registry {

namespace {

namespace media_type = oci::media_type;

/// What a name stands for, and which of its manifests was chosen.
struct Found {
  Repository repository;
  Document named;
  Document manifest;
  oci::Descriptor descriptor;  ///< of the manifest
};

/// The type a document has by its server, or else by its own words.
std::string type_of(const Document& document, const std::string& what) {
  if (media_type::is_manifest(document.media_type) || media_type::is_index(document.media_type))
    return document.media_type;
  const json::value value = parse_json(document.bytes, what);
  const std::string own = JsonObject(value, what).string_or("mediaType", "");
  if (media_type::is_manifest(own) || media_type::is_index(own)) return own;
  fail(ErrorKind::corrupt, what, " is of type ", quoted(document.media_type),
       "; expected a manifest or an index of OCI or of Docker (schema 2)");
}

class Pull {
 public:
  Pull(Registries& registries, store::Store& store, const oci::Reference& name,
       const oci::Platform& platform, TransferObserver& observer, const std::stop_token& stop)
      : registries_(registries),
        store_(store),
        name_(name),
        platform_(platform),
        observer_(observer),
        stop_(stop) {}

  Pulled run() {
    return at_first_place([this](const Place& place) { return pull_from(place); });
  }
  oci::Image look() {
    return at_first_place(
        [this](const Place& place) { return read_image(find(registries_.open(place))); });
  }

 private:
  /// What `act` gives for the first place with which it does not fail.
  template <class Act>
  std::invoke_result_t<Act, const Place&> at_first_place(const Act& act) {
    const auto places = places_to_pull(registries_.access().mirrors, name_);
    for (std::size_t i = 0; i + 1 < places.size(); ++i) {
      try {
        return act(places[i]);
      } catch (const Error& error) {
        if (error.kind() == ErrorKind::interrupted || error.kind() == ErrorKind::system) throw;
        observer_.on_event(TransferNotice{cat("mirror passed over: ", error.message())});
      }
    }
    return act(places.back());
  }
  Pulled pull_from(const Place& place);
  Found find(const Repository& repository);
  Document fetch_manifest(const Repository& repository, const oci::Descriptor& entry);
  oci::Image read_image(const Found& found);
  std::string fetch_config(const Repository& repository, const oci::Descriptor& config);
  void fetch_layers(const Repository& repository, const oci::Image& image);
  void fetch_layer(const Repository& repository, const oci::Layer& layer, std::size_t number);
  bool is_here(const oci::Layer& layer);

  Registries& registries_;
  store::Store& store_;
  const oci::Reference& name_;
  const oci::Platform& platform_;
  TransferObserver& observer_;
  const std::stop_token& stop_;
};

Pulled Pull::pull_from(const Place& place) {
  const Found found = find(registries_.open(place));
  const oci::Image image = read_image(found);
  observer_.on_event(
      TransferNotice{cat(oci::familiar_name(name_), " is ", to_string(found.named.digest))});
  fetch_layers(found.repository, image);
  oci::Reference named = name_;
  if (named.digest) named.tag.clear();  // as Docker: a tag beside a digest decides nothing
  auto replaced = store_.images().put(image, {named}, found.named.digest);
  return {image, found.named.digest, named, std::move(replaced)};
}

Found Pull::find(const Repository& repository) {
  const std::string wanted = name_.digest ? to_string(*name_.digest) : name_.tag;
  auto document = repository.find_manifest(wanted, stop_);
  if (!document) {
    fail(ErrorKind::not_found, repository.text(), " has no ", name_.digest ? "manifest" : "tag",
         " ", quoted(wanted));
  }
  const std::string what = cat("manifest ", wanted, " of ", repository.text());
  document->media_type = type_of(*document, what);
  if (media_type::is_manifest(document->media_type)) {
    const oci::Descriptor self{
        document->media_type, document->digest, document->bytes.size(), {}, {}};
    return {repository, *document, *document, self};
  }
  const oci::Index index = oci::parse_index(document->bytes, document->media_type, what);
  oci::Descriptor chosen = oci::choose_manifest(index, platform_, what);
  chosen.annotations.clear();  // they speak of the index's entry
  Document manifest = fetch_manifest(repository, chosen);
  return {repository, std::move(*document), std::move(manifest), std::move(chosen)};
}

/// A manifest has its digest, so one that is here already need not be asked for.
Document Pull::fetch_manifest(const Repository& repository, const oci::Descriptor& entry) {
  store_.lease().hold(entry.digest);
  if (store_.blobs().find_size(entry.digest) == entry.size && entry.size <= oci::document_size_max)
    return {entry.media_type, entry.digest,
            store_.blobs().read_document(entry.digest, oci::document_size_max)};
  auto document = repository.find_manifest(to_string(entry.digest), stop_);
  if (!document) {
    fail(ErrorKind::not_found, repository.text(), " lists the manifest ", entry.digest, " for ",
         platform_, ", but does not have it");
  }
  if (document->bytes.size() != entry.size) {
    fail(ErrorKind::corrupt, "manifest ", entry.digest, " of ", repository.text(), " has ",
         document->bytes.size(), " bytes, but its index says ", entry.size);
  }
  return std::move(*document);
}

std::string Pull::fetch_config(const Repository& repository, const oci::Descriptor& config) {
  store_.lease().hold(config.digest);
  if (store_.blobs().find_size(config.digest) == config.size &&
      config.size <= oci::document_size_max)
    return store_.blobs().read_document(config.digest, oci::document_size_max);
  return repository.fetch_document(config, stop_);
}

oci::Image Pull::read_image(const Found& found) {
  const std::string what = cat("manifest ", found.manifest.digest, " of ", found.repository.text());
  const oci::Manifest manifest =
      oci::parse_manifest(found.manifest.bytes, found.descriptor.media_type, what);
  for (const oci::Descriptor& layer : manifest.layers)
    if (!media_type::layer_codec(layer.media_type))
      fail(ErrorKind::corrupt, what, " is no image that can be used here: it has a layer of type ",
           quoted(layer.media_type), "; expected a tar, plain or packed with gzip or zstd");
  oci::Image image = oci::parse_image(found.descriptor, found.manifest.bytes,
                                      fetch_config(found.repository, manifest.config));
  if (!image.descriptor.platform) image.descriptor.platform = image.config.platform;
  if (!oci::serves(image.config.platform, platform_)) {
    fail(ErrorKind::not_found, found.repository.text(), " has the image for ",
         image.config.platform, " alone, not for ", platform_, "; ask for it with --platform ",
         image.config.platform);
  }
  return image;
}

bool Pull::is_here(const oci::Layer& layer) {
  store_.lease().hold(layer.blob.digest);
  const auto size = store_.blobs().find_size(layer.blob.digest);
  if (size && *size != layer.blob.size) {
    fail(ErrorKind::corrupt, "layer ", layer.blob.digest, " has ", *size,
         " bytes, but the manifest says ", layer.blob.size);
  }
  return size.has_value();
}

void Pull::fetch_layers(const Repository& repository, const oci::Image& image) {
  TransferPlanned planned;
  std::set<Digest> seen;
  std::vector<oci::Layer> here;
  std::vector<oci::Layer> to_come;
  for (const oci::Layer& layer : image.layers()) {
    if (!seen.insert(layer.blob.digest).second) continue;
    const bool at_hand = is_here(layer);
    (at_hand ? here : to_come).push_back(layer);
    (at_hand ? planned.bytes_here : planned.bytes_to_move) += layer.blob.size;
  }
  planned.blobs_here = here.size();
  planned.blobs_to_move = to_come.size();
  observer_.on_event(planned);
  for_each_transfer(to_come.size(),
                    [&](std::size_t index) { fetch_layer(repository, to_come[index], index + 1); });
  // Of a blob that was here the tree may be missing, or it may be under another DiffID.
  for (const oci::Layer& layer : image.layers()) {
    throw_if_stopped(stop_);
    store_.layers().import_stored(layer.blob.digest, layer.diff_id);
  }
}

void Pull::fetch_layer(const Repository& repository, const oci::Layer& layer, std::size_t number) {
  throw_if_stopped(stop_);
  observer_.on_event(BlobStarted{number, layer.blob.digest, layer.blob.size});
  const auto tell = [&](std::uint64_t bytes) { observer_.on_event(BlobMoved{number, bytes}); };
  const Arrival arrival = registry::fetch_layer(repository, store_, layer, {stop_, tell});
  observer_.on_event(BlobDone{number, arrival});
}

}  // namespace

Pulled pull(Registries& registries, store::Store& store, const oci::Reference& name,
            const oci::Platform& platform, TransferObserver& observer,
            const std::stop_token& stop) {
  return Pull(registries, store, name, platform, observer, stop).run();
}

oci::Image look_up(Registries& registries, store::Store& store, const oci::Reference& name,
                   const oci::Platform& platform, TransferObserver& observer,
                   const std::stop_token& stop) {
  return Pull(registries, store, name, platform, observer, stop).look();
}

}  // namespace strata::registry
