#pragma once
/// An image of an OCI layout on disk as the base of a build (`--build-context base=oci-layout://…`,
/// `FROM` of an archive): brought into the store without giving it a name there.

#include <string>

#include "strata/oci/image.hpp"
#include "strata/store/store.hpp"

namespace strata::input {

struct LayoutReference {
  std::string host_path;  ///< a layout directory, or an OCI archive (plain or compressed)
  /// Which image: a reference name of its index.json ("app:latest", or only the tag), or
  /// "sha256:…" of a manifest. Empty takes the only image there is.
  std::string image;
};

/// "PATH", "PATH:NAME" or "PATH@sha256:…". The longest beginning that exists on disk is the path.
LayoutReference parse_layout_reference(std::string_view text);

/// The image with all its blobs in the store, held by this process's lease. Throws Error not_found
/// listing the names that are there, Error usage if several fit.
oci::Image open_layout(store::Store& store, const LayoutReference& layout,
                       const oci::Platform& platform);

}  // namespace strata::input
