#pragma once
/// Directories laid over each other by the kernel's overlay file system.
///
/// Relative paths of layers start at the scratch directory. Layers are named to the kernel by short
/// symbolic links in a directory of our own ("0", "1", …): fsconfig takes no string over 255 bytes
/// and mount(2) no list over a page, and in its list colons and commas have a meaning.

#include <string>

#include "strata/base/fd.hpp"
#include "strata/sandbox/spec.hpp"

namespace strata::sandbox {

enum class OverlayCall {
  best,     ///< fsconfig with one "lowerdir+" per layer (Linux 6.7), else as below
  classic,  ///< mount(2) with one string
};

enum class DeviceNodes { refused, usable };

/// Makes the directory `name` in the working directory, which must be a scratch directory in a
/// private mount namespace, and mounts the layers there. Returns the mounted root (O_PATH). Writes
/// are volatile: nothing is synced. The working directory is left as it was.
Fd mount_overlay(const Layers& layers, const std::string& name, DeviceNodes nodes,
                 OverlayCall call = OverlayCall::best);

}  // namespace strata::sandbox
