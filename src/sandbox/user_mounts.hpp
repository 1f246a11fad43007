#pragma once
/// The mounts a caller asked for, and the files of the sandbox's own that are mounted like them.

#include <string>
#include <vector>

#include "sandbox/stubs.hpp"
#include "strata/base/fd.hpp"
#include "strata/base/root.hpp"
#include "strata/sandbox/spec.hpp"

namespace strata::sandbox {

/// A mount that is ready but attached nowhere: made while the host's paths can still be seen.
struct ReadyMount {
  Fd mount;
  MountPoint point;
  /// Its point lies in an earlier mount (or in /proc, /sys, /dev) and not in the overlay.
  bool is_nested = false;
};

/// Makes /etc/hosts, /etc/resolv.conf and Spec::mounts, in this order. `sources` are what
/// Mount::source_fd counts into. Works in the working directory, a scratch directory.
std::vector<ReadyMount> prepare_mounts(const Spec& spec, const std::vector<Fd>& sources);

/// What the overlay must have for these mounts and for the kernel's file systems.
std::vector<MountPoint> wanted_points(const std::vector<ReadyMount>& mounts);

/// Puts the mounts in place. Points of nested ones are made where they are missing.
void attach_mounts(const Root& root, const std::vector<ReadyMount>& mounts);

}  // namespace strata::sandbox
