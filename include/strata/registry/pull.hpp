#pragma once
/// An image from a registry into the store.

#include <stop_token>
#include <vector>

#include "strata/oci/image.hpp"
#include "strata/oci/reference.hpp"
#include "strata/registry/transfer.hpp"
#include "strata/store/store.hpp"

namespace strata::registry {

struct Pulled {
  oci::Image image;
  Digest digest;         ///< what the name stands for: of the image's manifest, or of an index
  oci::Reference named;  ///< what it is called in the store: name and tag, or name and digest
  std::vector<oci::Reference> replaced;  ///< `named`, if that was another image
};

/// Fetches what the store lacks of an image, for a platform, and lists it under its name. Layers
/// come four at a time, each checked as it streams in against its digest and the DiffID that the
/// config says; a layer that another process is fetching is waited for. Nothing is unpacked, and an
/// image that is not whole is not listed. Throws Error not_found if no place has it, or not for
/// this platform; what else Repository throws; with several places, what the last one said.
Pulled pull(Registries& registries, store::Store& store, const oci::Reference& name,
            const oci::Platform& platform, TransferObserver& observer, const std::stop_token& stop);

/// The image that pull would fetch, by its documents alone: nothing is stored or listed.
oci::Image look_up(Registries& registries, store::Store& store, const oci::Reference& name,
                   const oci::Platform& platform, TransferObserver& observer,
                   const std::stop_token& stop);

}  // namespace strata::registry
