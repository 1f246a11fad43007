#pragma once
/// Images as files that other tools read. All forms hold the blobs exactly as they are stored,
/// nothing is compressed again, and the same images give the same bytes: members are sorted by
/// name, times are 0, owners 0:0.
///
/// Both archive forms are an OCI layout with a docker manifest.json in it, as BuildKit writes them:
/// skopeo (oci-archive and docker-archive), podman load and docker load take either. The docker
/// form adds `repositories`, for readers that want it.

#include <span>
#include <string>

#include "strata/base/io.hpp"
#include "strata/store/images.hpp"
#include "strata/store/store.hpp"

namespace strata::output {

/// An image and the names under which it shall be found in the archive.
using store::NamedImage;

enum class ArchiveForm { oci, docker };

void write_archive(store::Store& store, std::span<const NamedImage> images, ArchiveForm form,
                   Sink& out);

/// An image for several platforms, in the OCI form: docker's has no place for one.
void write_archive(store::Store& store, const oci::ImageIndex& index,
                   const std::vector<oci::Reference>& names, Sink& out);

/// An OCI layout directory; made if missing. In an existing layout the images are added, and take
/// their names from what had them.
void write_layout(store::Store& store, std::span<const NamedImage> images,
                  const std::string& host_path);
void write_layout(store::Store& store, const oci::ImageIndex& index,
                  const std::vector<oci::Reference>& names, const std::string& host_path);

}  // namespace strata::output
