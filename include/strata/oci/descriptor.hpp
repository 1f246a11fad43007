#pragma once
/// Descriptors, manifests and indexes: the documents that hold an image together (OCI image-spec
/// descriptor.md, manifest.md, image-index.md). Parsing is strict and capped (4 MiB); printing
/// gives one line with the specification's order of keys, so equal documents have equal bytes.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "strata/content/digest.hpp"
#include "strata/oci/platform.hpp"

namespace strata::oci {

/// Most bytes a manifest, index or config may have.
inline constexpr std::size_t document_size_max = 4u << 20;

using Annotations = std::map<std::string, std::string>;

namespace annotation {
inline constexpr const char* ref_name = "org.opencontainers.image.ref.name";
inline constexpr const char* created = "org.opencontainers.image.created";
inline constexpr const char* containerd_name = "io.containerd.image.name";
/// Docker's mark of an attestation in an index (BuildKit); such entries are no images.
inline constexpr const char* docker_reference_type = "vnd.docker.reference.type";
}  // namespace annotation

struct Descriptor {
  std::string media_type;
  Digest digest;
  std::uint64_t size = 0;
  std::optional<Platform> platform;
  Annotations annotations;
  /// The bytes themselves (descriptor.md "Embedded Content"), or empty. As they came: whoever uses
  /// them asks `embedded`.
  std::string data = {};
  friend bool operator==(const Descriptor&, const Descriptor&) = default;
};

/// The embedded bytes of a descriptor, if it has some and they are what it names.
std::optional<std::string> embedded(const Descriptor& descriptor);

struct Manifest {
  std::string media_type;  ///< of the manifest itself
  Descriptor config;
  std::vector<Descriptor> layers;  ///< base first
  Annotations annotations;
  std::string artifact_type = {};  ///< of what is no image (manifest.md); else empty
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

struct Index {
  std::vector<Descriptor> manifests;
  Annotations annotations;
  friend bool operator==(const Index&, const Index&) = default;
};

/// `what` names the document in errors. A document that is both manifest and index, or whose own
/// mediaType contradicts `media_type` (which may be empty), is refused (CVE-2021-41190).
Manifest parse_manifest(std::string_view text, std::string_view media_type, std::string_view what);
Index parse_index(std::string_view text, std::string_view media_type, std::string_view what);

std::string to_json(const Manifest& manifest);
std::string to_json(const Index& index);

/// The manifests of an index that are images: no attestations, no unknown platforms.
std::vector<Descriptor> images_of(const Index& index);

/// The manifest of an index that serves `want`; attestations and unknown platforms are passed
/// over. A lone manifest without a platform serves anything. Throws Error not_found listing what
/// there is.
const Descriptor& choose_manifest(const Index& index, const Platform& want, std::string_view what);

}  // namespace strata::oci
