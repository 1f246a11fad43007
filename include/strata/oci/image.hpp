#pragma once
/// An image: its manifest and config documents, parsed, beside the exact bytes that were stored or
/// received (a digest is over bytes: a foreign document is never printed again).

#include <string>
#include <vector>

#include "strata/oci/descriptor.hpp"
#include "strata/oci/image_config.hpp"

namespace strata::oci {

/// One layer of an image, by all its names.
struct Layer {
  DiffId diff_id;
  Descriptor blob;
};

/// Immutable once made.
struct Image {
  Descriptor descriptor;  ///< of the manifest
  Manifest manifest;
  ImageConfig config;
  std::string manifest_json;
  std::string config_json;

  /// The image id people see: the digest of the config (as Docker's).
  const Digest& id() const { return manifest.config.digest; }
  /// Base first; throws Error corrupt if the manifest and the config disagree about their number.
  std::vector<Layer> layers() const;
};

/// One name for images of several platforms: an index and the images that it lists. Immutable once
/// made.
struct ImageIndex {
  Descriptor descriptor;
  std::string json;
  std::vector<Image> images;  ///< in the index's order
};

/// Makes the index of images that are for different platforms.
ImageIndex make_index(std::vector<Image> images);

/// Makes the documents of a new image from its config and layers.
Image make_image(const ImageConfig& config, const std::vector<Layer>& layers,
                 const Annotations& annotations = {});

/// Parses what was stored. Checks that the documents have the digests that point to them.
Image parse_image(const Descriptor& descriptor, std::string manifest_json, std::string config_json);

}  // namespace strata::oci
