#include "container/image.hpp"

#include "strata/base/text.hpp"

namespace strata::container {

oci::Image load_image(const store::Store& store, const Digest& manifest_digest) {
  const store::Blobs& blobs = store.blobs();
  std::string document = blobs.read_document(manifest_digest, oci::document_size_max);
  const oci::Manifest manifest =
      oci::parse_manifest(document, "", cat("manifest ", manifest_digest));
  std::string config = blobs.read_document(manifest.config.digest, oci::document_size_max);
  const oci::Descriptor descriptor{manifest.media_type, manifest_digest, document.size(), {}, {}};
  return oci::parse_image(descriptor, std::move(document), std::move(config));
}

}  // namespace strata::container
