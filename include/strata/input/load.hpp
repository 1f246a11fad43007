#pragma once
/// Images from disk into the store: OCI archives and layout directories, and docker archives in
/// their three dialects (the layout-like one of Docker 25 and later, manifest.json with
/// <id>/layer.tar, and `repositories` with <id>/json). Archives may be compressed and may hold
/// their members in any order; they are read once, front to back, so a pipe will do.
///
/// Nothing in an archive is believed: blobs are stored under the digest they really have, layers
/// are checked against the DiffIDs of their config, and member names never become paths.

#include <string>
#include <vector>

#include "strata/oci/image.hpp"
#include "strata/oci/reference.hpp"
#include "strata/store/store.hpp"

namespace strata::input {

struct LoadOptions {
  /// What the image is to be called instead of what the archive says. Error usage if these are
  /// given and there are several images.
  std::vector<oci::Reference> names;
  /// Which member of a multi-platform index is taken.
  oci::Platform platform = oci::host_platform();
};

struct LoadedImage {
  oci::Image image;
  std::vector<oci::Reference> names;     ///< that it now has by this load; may be empty
  std::vector<oci::Reference> replaced;  ///< those of `names` that were another image's before
};

/// Loads all images of an archive file or of a layout directory and lists them in the store. Throws
/// Error not_found if there is no such path, Error corrupt if it is none of the known forms; then
/// no image has been listed.
std::vector<LoadedImage> load(store::Store& store, const std::string& host_path,
                              const LoadOptions& options);

/// As above from a stream that is read to its end; `what` names it in errors ("standard input").
std::vector<LoadedImage> load_archive(store::Store& store, Source& archive, const std::string& what,
                                      const LoadOptions& options);

}  // namespace strata::input
