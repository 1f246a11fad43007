#pragma once
/// Images and their layers as people look at them: `images`, `history`, `inspect`.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "strata/base/time.hpp"
#include "strata/store/store.hpp"

namespace strata::inspect {

/// One line of `images`: an image under one of its names; without names, one line for itself.
struct ImageRow {
  std::string repository;  ///< "<none>" for a dangling image
  std::string tag;
  Digest id;
  Digest manifest;
  std::optional<Time> created;
  std::uint64_t size;  ///< bytes of the files in its layers
};
std::vector<ImageRow> list_images(const store::Store& store);

/// One line of `history`.
struct HistoryRow {
  std::optional<Digest> image;  ///< of the newest line only: the image's id
  std::optional<DiffId> layer;  ///< nothing for a metadata-only layer
  std::optional<Time> created;
  std::string created_by;
  std::string comment;
  std::uint64_t size;  ///< bytes of the layer's files; 0 for a metadata-only layer
};
/// Newest first, as Docker's. Layers without a history entry, in foreign images, come last.
std::vector<HistoryRow> list_history(const store::Store& store, const oci::Image& image);

/// Bytes of the regular files of all layers.
std::uint64_t image_size(const store::Store& store, const oci::Image& image);

/// Docker's `inspect` document of an image (Engine API, GET /images/{name}/json): one JSON object.
std::string describe_image(const store::Store& store, const store::NamedImage& image);

}  // namespace strata::inspect
