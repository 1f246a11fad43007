#include "store/marking.hpp"

#include "store/image_index.hpp"
#include "store/names.hpp"
#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/oci/image_config.hpp"
#include "strata/oci/media_type.hpp"
#include "strata/store/containers.hpp"
#include "strata/store/lease.hpp"

namespace strata::store {

namespace {

class Marker {
 public:
  explicit Marker(const Root& store) : blobs_(store.open_directory(folder::blobs)) {}

  void mark(const oci::Descriptor& image, std::set<Digest>& into) const {
    into.insert(image.digest);
    const std::string what = "document " + to_string(image.digest);
    const std::string text = read(image.digest);
    if (oci::media_type::is_index(image.media_type)) {
      for (const oci::Descriptor& child :
           oci::parse_index(text, image.media_type, what).manifests) {
        // Tools copy single platforms of an index, so a missing one is nothing to complain of.
        if (find(child.digest)) mark(child, into);
      }
      return;
    }
    const oci::Manifest manifest = oci::parse_manifest(text, image.media_type, what);
    into.insert(manifest.config.digest);
    for (const oci::Descriptor& layer : manifest.layers) into.insert(layer.digest);
    mark_diff_ids(manifest.config.digest, into);
  }

  std::optional<std::string> find(const Digest& digest) const {
    return find_small_file(blobs_.fd(), digest.hex(), oci::document_size_max);
  }

 private:
  std::string read(const Digest& digest) const {
    auto text = find(digest);
    if (!text) {
      fail(ErrorKind::corrupt, "a listed image lacks its document ", to_string(digest),
           "; remove the image, then collect again");
    }
    return std::move(*text);
  }

  /// Only derived forms hang on these, so a config that is none does no harm.
  void mark_diff_ids(const Digest& config, std::set<Digest>& into) const {
    try {
      for (const DiffId& diff_id : oci::parse_image_config(read(config), "config").diff_ids) {
        into.insert(diff_id.digest());
      }
    } catch (const Error&) {
    }
  }

  Root blobs_;
};

}  // namespace

Marks mark_images_and_leases(const Root& store) {
  const Marker marker(store);
  // Leases before what is listed: a process lists its image and then ends, so whoever has looked
  // into the index and then finds no lease may have missed both.
  Marks marks{.referred = {}, .in_use = Lease::held_by_anyone(store)};
  for (const oci::Descriptor& entry : read_image_index(store).manifests) {
    marker.mark(entry, marks.referred);
  }
  for (const ContainerFolder& container : Containers(store).list()) {
    // A manifest says of itself what it is; that of a container is one of ours.
    if (const auto text = marker.find(container.image_manifest)) {
      const oci::Manifest manifest = oci::parse_manifest(*text, "", "image of a container");
      marker.mark({manifest.media_type, container.image_manifest, text->size(), {}, {}},
                  marks.in_use);
    }
  }
  return marks;
}

}  // namespace strata::store
