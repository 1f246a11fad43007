#pragma once
/// An image of the store into a registry.

#include <stop_token>

#include "strata/oci/image.hpp"
#include "strata/oci/reference.hpp"
#include "strata/registry/transfer.hpp"
#include "strata/store/store.hpp"

namespace strata::registry {

/// Sends what the registry lacks, byte for byte as it lies in the store, four blobs at a time, and
/// the manifest last. Blobs that other repositories of the registry have, by the names of images in
/// the store, are mounted from there. The digest there is the image's own.
void push(Registries& registries, store::Store& store, const oci::Image& image,
          const oci::Reference& name, TransferObserver& observer, const std::stop_token& stop);

/// An image for several platforms: each under its own digest, then the index under the name.
void push(Registries& registries, store::Store& store, const oci::ImageIndex& index,
          const oci::Reference& name, TransferObserver& observer, const std::stop_token& stop);

}  // namespace strata::registry
