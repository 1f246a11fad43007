#pragma once
/// The documents around the blobs of an image archive.

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "strata/oci/descriptor.hpp"
#include "strata/output/image_archive.hpp"

namespace strata::output {

inline constexpr const char* layout_file = "oci-layout";
inline constexpr const char* index_file = "index.json";
inline constexpr const char* layout_document = R"({"imageLayoutVersion":"1.0.0"})";

std::string blob_path(const Digest& digest);

/// Documents come with their text, which is borrowed; layers with null, and are in the store.
using LayoutBlob = std::pair<Digest, const std::string*>;

/// What a layout holds.
struct LayoutContent {
  std::map<Digest, const std::string*> blobs;  ///< as LayoutBlob
  std::vector<oci::Descriptor> entries;        ///< of index.json
};
/// An entry for each name of each image, or one without a name.
LayoutContent content_of(std::span<const NamedImage> images);
/// The index is one image in the layout's own index, with an entry for each name.
LayoutContent content_of(const oci::ImageIndex& index, const std::vector<oci::Reference>& names);

/// The bytes of such a blob, which are checked against the digest when they are read to the end.
/// Error corrupt if the store lacks it. The source borrows the images.
struct OpenedBlob {
  std::unique_ptr<Source> bytes;
  std::uint64_t size;
};
OpenedBlob open_blob(store::Store& store, const Digest& digest, const std::string* text);

/// Docker's list of images with the paths of their config and layers.
std::string manifest_json(std::span<const NamedImage> images);

/// Docker's {name: {tag: top layer}}.
std::string repositories_json(std::span<const NamedImage> images);

}  // namespace strata::output
