#pragma once
/// Single blobs of images between a repository and the store.

#include <string>
#include <vector>

#include "strata/oci/image.hpp"
#include "strata/registry/repository.hpp"
#include "strata/store/store.hpp"

namespace strata::registry {

/// Fetches a layer that the store may lack, checked as it streams in against its digest and its
/// DiffID. One that another process is fetching is waited for. Errors as Repository, and Error
/// corrupt.
Arrival fetch_layer(const Repository& repository, store::Store& store, const oci::Layer& layer,
                    const http::Watch& watch);

/// Sends a blob of the store byte for byte as it lies there, unless the repository has it or can
/// mount it from one of those that are said to have it. One that the store was only promised is
/// brought if nothing else helps.
Arrival send_blob(const Repository& repository, store::Store& store, const oci::Descriptor& blob,
                  const std::vector<std::string>& mount_from, const http::Watch& watch);

}  // namespace strata::registry
