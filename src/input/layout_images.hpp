#pragma once
/// Which images an OCI layout lists, and fetching them.

#include <string>
#include <string_view>
#include <vector>

#include "input/layout_files.hpp"
#include "strata/oci/image.hpp"
#include "strata/oci/reference.hpp"

namespace strata::input {

/// An image of index.json, and all that it is called there.
struct ListedImage {
  oci::Descriptor descriptor;          ///< of a manifest, or of an index of several platforms
  std::vector<oci::Reference> names;   ///< whole names
  std::vector<std::string> ref_names;  ///< org.opencontainers.image.ref.name as it stands there
};

/// Attestations are left out. Of several images with one name those that do not serve `platform`
/// are left out if another does.
std::vector<ListedImage> list_images(const LayoutFiles& layout, const oci::Platform& platform);

/// The image with all its blobs in the store, layers checked against their DiffIDs.
oci::Image fetch_image(store::Store& store, const LayoutFiles& layout,
                       const oci::Descriptor& descriptor, const oci::Platform& platform);

/// A name that a file says its image has. Error corrupt, naming the file, if it is none.
oci::Reference parse_foreign_name(std::string_view text, std::string_view what);

}  // namespace strata::input
