#pragma once
/// The two dialects of docker archives that are no OCI layout.

#include <vector>

#include "input/archive_files.hpp"
#include "strata/input/load.hpp"

namespace strata::input {

/// An image read from an archive and what the archive calls it; not listed yet.
struct FoundImage {
  oci::Image image;
  std::vector<oci::Reference> names;
};

/// `docker save` since 1.10, and skopeo's and podman's docker-archive: manifest.json names configs
/// and layers.
std::vector<FoundImage> read_docker_archive(const ArchiveFiles& files);

/// `docker save` before 1.10: `repositories` names a top layer's folder, and <id>/json its parent.
std::vector<FoundImage> read_legacy_archive(const ArchiveFiles& files);

}  // namespace strata::input
