#pragma once
/// The mounts every process expects: /proc, /sys and /dev, with what is kept from its sight.

#include "strata/base/fd.hpp"
#include "strata/base/root.hpp"
#include "strata/sandbox/spec.hpp"

namespace strata::sandbox {

/// Opens a mount point that may not be reached through a symbolic link: an image whose /proc is a
/// link would otherwise choose where a kernel file system appears. Throws Error denied.
Fd open_fixed_point(const Root& root, const std::string& path);

/// Mounts them in `root`. The caller is pid 1 of its pid namespace and in its own ipc, network and
/// mount namespaces as far as it will have any. Returns the root of the new devpts (O_PATH).
Fd mount_kernel_filesystems(const Root& root, const Spec& spec);

}  // namespace strata::sandbox
