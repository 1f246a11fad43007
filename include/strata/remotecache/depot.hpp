#pragma once
/// A place outside of the store that keeps manifests under tags, and blobs: a repository of a
/// registry, or an OCI layout in a directory. What is fetched is checked against its digest.

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>

#include "strata/oci/image.hpp"
#include "strata/registry/repository.hpp"
#include "strata/remotecache/spec.hpp"
#include "strata/store/store.hpp"

namespace strata::remotecache {

/// Thread-safe. Errors as registry::Repository.
class Depot {
 public:
  virtual ~Depot() = default;

  /// As people say it: "example.org/team/cache:main", "cache/".
  virtual std::string text() const = 0;
  /// The repository, where a registry can mount blobs from; nothing for a directory.
  virtual std::optional<oci::Reference> repository() const { return std::nullopt; }

  /// The manifest under a tag or digest; nothing if there is none.
  std::optional<registry::Document> find(const std::string& tag, const std::stop_token& stop);
  /// Whether there is a manifest under a tag; known without a question if it was found or put.
  bool has(const std::string& tag, const std::stop_token& stop);
  /// What stands under the tag is of no use: `has` says no until it is put anew.
  void distrust(const std::string& tag);

  /// A small blob, whole.
  virtual std::string fetch(const oci::Descriptor& blob, std::size_t size_max,
                            const std::stop_token& stop) = 0;
  /// A layer into the store, checked against digest and DiffID.
  virtual void fetch_layer(store::Store& store, const oci::Layer& layer,
                           const std::stop_token& stop) = 0;

  virtual void put(const Digest& digest, std::string_view bytes, const std::stop_token& stop) = 0;
  /// A blob of the store, or one that was promised to it.
  virtual registry::Arrival put_blob(store::Store& store, const oci::Descriptor& blob,
                                     const std::stop_token& stop) = 0;
  /// All that the manifest names must be there.
  void put_manifest(const std::string& tag, const registry::Document& document,
                    const std::stop_token& stop);
  /// Nothing more will be put: what was put can be found by others when this returns.
  virtual void finish() {}

 private:
  virtual std::optional<registry::Document> look(const std::string& tag,
                                                 const std::stop_token& stop) = 0;
  virtual bool asks(const std::string& tag, const std::stop_token& stop) = 0;
  virtual void write(const std::string& tag, const registry::Document& document,
                     const std::stop_token& stop) = 0;

  std::mutex mutex_;
  std::set<std::string> known_;
  std::set<std::string> distrusted_;
};

/// Asks nobody yet. `registries` is borrowed. Not for PlaceType::inlined.
std::unique_ptr<Depot> open_registry(registry::Registries& registries, const oci::Reference& name);
/// An OCI layout, which need not be there yet.
std::unique_ptr<Depot> open_layout(const std::string& host_path);

}  // namespace strata::remotecache
