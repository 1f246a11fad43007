#pragma once
/// Layers that are known by all their names while their bytes are still elsewhere: what a shared
/// cache or a registry tells of them is enough to go on with until somebody reads or runs them.

#include <functional>
#include <memory>
#include <optional>

#include "strata/base/error.hpp"
#include "strata/content/layer_blob.hpp"
#include "strata/oci/image.hpp"
#include "strata/oci/reference.hpp"

namespace strata::store {

struct Promise {
  oci::Layer layer;
  /// Puts the blob into the store. Called by one thread at a time, and not again once it is there.
  std::function<void()> bring;
  /// What is said to be the layer's tree; null if nothing is said. Believed in this process alone,
  /// and compared with the bytes when they come.
  std::shared_ptr<const LayerTree> tree = nullptr;
  /// A repository that has the blob: another one of that registry can take it from there.
  std::optional<oci::Reference> place = std::nullopt;
};

/// What was promised did not come, or is not what was said of it. Whoever catches it can begin anew
/// without whoever promised it.
class PromiseBroken : public Error {
 public:
  explicit PromiseBroken(const Error& cause) : Error(cause) {}
};

}  // namespace strata::store
