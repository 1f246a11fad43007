#pragma once
/// The image under a container.

#include "strata/oci/image.hpp"
#include "strata/store/store.hpp"

namespace strata::container {

/// By the digest of its manifest, and so also when no name leads to it any more: a container keeps
/// its image from being collected.
oci::Image load_image(const store::Store& store, const Digest& manifest);

}  // namespace strata::container
