#pragma once
/// Parts of /proc and /sys that tell about, or act on, the machine instead of the sandbox.

#include "strata/base/root.hpp"

namespace strata::sandbox {

/// Hides some paths of the mounted root and makes others read-only. /proc, /sys and /dev are in
/// place. The working directory is the scratch directory. Paths the kernel does not have are
/// passed over.
void mask_paths(const Root& root);

}  // namespace strata::sandbox
