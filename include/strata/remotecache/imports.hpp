#pragma once
/// Finding in shared caches what this machine has not done: records, the trees of base images, the
/// content of cache mounts.
///
/// A place that does not answer is told of once and not asked again; one that answers with what
/// cannot be used is told of and taken for one that knows nothing. No trouble with a place is the
/// build's. What a place says of a step is believed, as is whatever the step would have fetched;
/// all bytes that it hands out are checked against the digests it gave, and a layer's files against
/// what was said of them.

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "strata/base/root.hpp"
#include "strata/cache/shared_records.hpp"
#include "strata/remotecache/depot.hpp"
#include "strata/store/store.hpp"

namespace strata::remotecache {

/// How an import tells what it does; called from several threads.
using Tell = std::function<void(const std::string&)>;

/// Thread-safe. Borrows the store.
class Imports : public cache::SharedRecords {
 public:
  Imports(store::Store& store, std::vector<std::shared_ptr<Depot>> depots,
          std::vector<oci::Platform> platforms, Tell tell, std::stop_token stop);
  ~Imports() override;

  std::optional<cache::SharedRecord> find(const CacheKey& key,
                                          const std::stop_token& stop) override;

  /// Promises the layers of a base image to the store if a place knows all their trees; `bring` is
  /// to fetch the image from where it is. False if none does.
  bool promise_base(const oci::Image& image, const oci::Reference& name,
                    const std::function<void()>& bring);

  /// Fills the empty directory of a new cache mount. False, and it is still empty, if no place has
  /// it.
  bool fill_mount(const Digest& id, const Root& data);

 private:
  class Place;
  store::Store& store_;
  Tell tell_;
  std::vector<std::unique_ptr<Place>> places_;
  std::stop_token stop_;
};

}  // namespace strata::remotecache
