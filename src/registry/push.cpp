#include "strata/registry/push.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "strata/registry/layers.hpp"
#include "strata/registry/transfers.hpp"

namespace strata::registry {

namespace {

/// Repositories, of those the registry may have, in which an image's blobs should be.
using Holders = std::map<Digest, std::vector<std::string>>;

/// More than these many tries to mount a blob cost more than sending most of them.
constexpr std::size_t mounts_max = 2;

std::vector<oci::Descriptor> blobs_of(const oci::Image& image) {
  std::vector<oci::Descriptor> blobs;
  std::set<Digest> seen;
  for (const oci::Descriptor& layer : image.manifest.layers)
    if (seen.insert(layer.digest).second) blobs.push_back(layer);
  if (seen.insert(image.manifest.config.digest).second) blobs.push_back(image.manifest.config);
  return blobs;
}

/// By the names of the images in the store: what has a name of the same registry was fetched from
/// there or sent there, if anything was.
Holders find_holders(store::Store& store, const Place& target, const MirrorRules& rules) {
  Holders holders;
  for (const store::NamedImage& named : store.images().list()) {
    for (const oci::Reference& name : named.names) {
      const Place place = place_to_push(rules, name);
      if (place.host != target.host || place.repository == target.repository) continue;
      for (const oci::Descriptor& blob : blobs_of(named.image)) {
        auto& repositories = holders[blob.digest];
        const bool is_known = std::find(repositories.begin(), repositories.end(),
                                        place.repository) != repositories.end();
        if (!is_known && repositories.size() < mounts_max) repositories.push_back(place.repository);
      }
    }
  }
  return holders;
}

class Push {
 public:
  Push(Registries& registries, store::Store& store, const oci::Image& image,
       const oci::Reference& name, TransferObserver& observer, const std::stop_token& stop)
      : registries_(registries),
        store_(store),
        image_(image),
        name_(name),
        place_(place_to_push(registries.access().mirrors, name)),
        repository_(registries.open(place_)),
        observer_(observer),
        stop_(stop),
        holders_(find_holders(store, place_, registries.access().mirrors)) {}

  void run() {
    const auto blobs = blobs_of(image_);
    // An image that was built for the registry alone is not listed, and so not stored.
    if (!store_.blobs().has(image_.id())) store_.blobs().put(image_.config_json);
    TransferPlanned planned;
    planned.blobs_to_move = blobs.size();
    for (const oci::Descriptor& blob : blobs) planned.bytes_to_move += blob.size;
    observer_.on_event(planned);
    for_each_transfer(blobs.size(), [&](std::size_t i) { send(blobs[i], i + 1); });
    const std::string tag = name_.digest ? to_string(*name_.digest) : name_.tag;
    repository_.put_manifest(
        tag, {image_.manifest.media_type, image_.descriptor.digest, image_.manifest_json}, stop_);
    observer_.on_event(TransferNotice{
        cat(oci::familiar_name(name_), " is ", to_string(image_.descriptor.digest))});
  }

 private:
  /// A blob that was only promised is where the promise came from.
  std::vector<std::string> holders_of(const Digest& blob) const {
    const auto known = holders_.find(blob);
    auto holders = known == holders_.end() ? std::vector<std::string>() : known->second;
    const auto promised = store_.layers().promised_place(blob);
    if (!promised) return holders;
    const Place place = place_to_push(registries_.access().mirrors, *promised);
    if (place.host == place_.host) holders.insert(holders.begin(), place.repository);
    return holders;
  }

  void send(const oci::Descriptor& blob, std::size_t number) {
    throw_if_stopped(stop_);
    observer_.on_event(BlobStarted{number, blob.digest, blob.size});
    const auto tell = [&](std::uint64_t bytes) { observer_.on_event(BlobMoved{number, bytes}); };
    const Arrival arrival =
        send_blob(repository_, store_, blob, holders_of(blob.digest), {stop_, tell});
    observer_.on_event(BlobDone{number, arrival});
  }

  Registries& registries_;
  store::Store& store_;
  const oci::Image& image_;
  const oci::Reference& name_;
  Place place_;
  Repository repository_;
  TransferObserver& observer_;
  const std::stop_token& stop_;
  Holders holders_;
};

}  // namespace

void push(Registries& registries, store::Store& store, const oci::Image& image,
          const oci::Reference& name, TransferObserver& observer, const std::stop_token& stop) {
  if (name.digest && *name.digest != image.descriptor.digest) {
    fail(ErrorKind::usage, quoted(oci::familiar_name(name)), " is not the digest of the image, ",
         to_string(image.descriptor.digest), "; push it under a tag");
  }
  Push(registries, store, image, name, observer, stop).run();
}

void push(Registries& registries, store::Store& store, const oci::ImageIndex& index,
          const oci::Reference& name, TransferObserver& observer, const std::stop_token& stop) {
  for (const oci::Image& image : index.images) {
    oci::Reference own = name;
    own.tag.clear();
    own.digest = image.descriptor.digest;
    push(registries, store, image, own, observer, stop);
  }
  const Place place = place_to_push(registries.access().mirrors, name);
  registries.open(place).put_manifest(
      name.digest ? to_string(*name.digest) : name.tag,
      {index.descriptor.media_type, index.descriptor.digest, index.json}, stop);
  observer.on_event(
      TransferNotice{cat(oci::familiar_name(name), " is ", to_string(index.descriptor.digest))});
}

}  // namespace strata::registry
