// A repository of a registry as a depot.

#include <sys/mman.h>

#include <map>

#include "strata/base/error.hpp"
#include "strata/registry/layers.hpp"
#include "strata/remotecache/depot.hpp"

namespace strata::remotecache {

namespace {

/// A file of its own in memory, since a blob is sent out of a file.
Fd file_of(std::string_view bytes) {
  Fd file(::memfd_create("blob", MFD_CLOEXEC));
  if (!file) fail_errno("make a file in memory");
  FdSink(file.get()).write(bytes);
  return file;
}

class RegistryDepot : public Depot {
 public:
  RegistryDepot(registry::Registries& registries, const oci::Reference& name)
      : mirrors_(registries.access().mirrors),
        name_(name),
        place_(place_to_push(mirrors_, name)),
        repository_(registries.open(place_)) {}

  std::string text() const override { return oci::familiar_name(name_); }
  std::optional<oci::Reference> repository() const override { return name_; }

  std::string fetch(const oci::Descriptor& blob, std::size_t size_max,
                    const std::stop_token& stop) override {
    return repository_.fetch_document(blob, stop, size_max);
  }

  void fetch_layer(store::Store& store, const oci::Layer& layer,
                   const std::stop_token& stop) override {
    registry::fetch_layer(repository_, store, layer, {stop, {}});
  }

  void put(const Digest& digest, std::string_view bytes, const std::stop_token& stop) override {
    send_once(digest, [&] {
      const Fd file = file_of(bytes);
      return repository_.put_blob({digest, bytes.size(), file.get()}, {}, {stop, {}});
    });
  }

  registry::Arrival put_blob(store::Store& store, const oci::Descriptor& blob,
                             const std::stop_token& stop) override {
    return send_once(blob.digest, [&] {
      return registry::send_blob(repository_, store, blob, holders_of(store, blob.digest),
                                 {stop, {}});
    });
  }

 private:
  /// A blob that many artifacts have is sent by the first one alone, and the others wait: there are
  /// registries that mix up two uploads of one blob.
  template <class Send>
  registry::Arrival send_once(const Digest& digest, const Send& send) {
    const std::shared_ptr<Turn> turn = turn_of(digest);
    const std::lock_guard lock(turn->mutex);
    if (turn->is_there) return registry::Arrival::was_there;
    const registry::Arrival arrival = send();
    turn->is_there = true;
    return arrival;
  }

  struct Turn {
    std::mutex mutex;
    bool is_there = false;
  };
  std::shared_ptr<Turn> turn_of(const Digest& digest) {
    const std::lock_guard lock(mutex_);
    auto& turn = turns_[digest];
    if (!turn) turn = std::make_shared<Turn>();
    return turn;
  }

  std::optional<registry::Document> look(const std::string& tag,
                                         const std::stop_token& stop) override {
    return repository_.find_manifest(tag, stop);
  }
  bool asks(const std::string& tag, const std::stop_token& stop) override {
    return repository_.has_manifest(tag, stop);
  }
  void write(const std::string& tag, const registry::Document& document,
             const std::stop_token& stop) override {
    repository_.put_manifest(tag, document, stop);
  }

  /// Where a promised blob is, if that is on this registry.
  std::vector<std::string> holders_of(const store::Store& store, const Digest& blob) const {
    const auto promised = store.layers().promised_place(blob);
    if (!promised) return {};
    const registry::Place place = place_to_push(mirrors_, *promised);
    if (place.host != place_.host || place.repository == place_.repository) return {};
    return {place.repository};
  }

  const registry::MirrorRules& mirrors_;
  oci::Reference name_;
  registry::Place place_;
  registry::Repository repository_;
  std::mutex mutex_;  ///< guards what follows
  std::map<Digest, std::shared_ptr<Turn>> turns_;
};

}  // namespace

std::unique_ptr<Depot> open_registry(registry::Registries& registries, const oci::Reference& name) {
  return std::make_unique<RegistryDepot>(registries, name);
}

}  // namespace strata::remotecache
