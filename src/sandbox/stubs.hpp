#pragma once
/// Mount points that the image does not have, without a trace in the writable layer.
///
/// Stubs lie in the lowest layer of the overlay, "infra": whatever the image has of the same name
/// wins with its own mode and times, and what it lacks shows through. That fails where the image
/// hides the name (an opaque directory, a whiteout) or leads elsewhere (a symbolic link on the
/// way). Then the mounted view tells where the path really goes, and the stub is made in a "cover"
/// layer between the image and the upper directory. A directory of the cover merges with the
/// image's, but its own attributes are what is seen: so it is made with those the image's directory
/// has.

#include <optional>
#include <string>
#include <vector>

#include "strata/base/root.hpp"

namespace strata::sandbox {

struct MountPoint {
  std::string path;  ///< root path
  bool is_directory = true;
};

/// Makes the mount points and their parents below an empty directory.
void make_stubs(const Root& infra, const std::vector<MountPoint>& points);

/// The points that lead to nothing in `view`, with their links resolved: making exactly these paths
/// would let the lookup succeed.
std::vector<MountPoint> find_missing(const Root& view, const std::vector<MountPoint>& points);

/// Makes the points in an empty directory that is to lie over what `view` shows, each directory
/// that exists there with the same owner, mode, times and extended attributes.
void make_cover(const Root& cover, const Root& view, const std::vector<MountPoint>& points);

/// All paths that stubs for these points consist of: themselves and their parents, sorted.
std::vector<std::string> stub_paths(const std::vector<MountPoint>& points);

}  // namespace strata::sandbox
