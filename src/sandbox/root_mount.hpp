#pragma once
/// The process's root: the image's layers, what the process writes, and a place for every mount.

#include <string>
#include <vector>

#include "sandbox/stubs.hpp"
#include "strata/base/root.hpp"
#include "strata/sandbox/spec.hpp"

namespace strata::sandbox {

struct MountedRoot {
  Root root;
  std::vector<std::string> stubs;
};

/// Mounts the overlay in the working directory, a scratch directory, such that all `points` exist.
MountedRoot mount_root(const Spec& spec, const std::vector<MountPoint>& points);

}  // namespace strata::sandbox
