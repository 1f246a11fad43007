#pragma once
/// The file system that a step finds, read without unpacking it or laid out for an overlay.

#include "strata/exec/operation.hpp"
#include "strata/exec/users.hpp"

namespace strata::exec {

/// Most bytes /etc/passwd and /etc/group may have.
inline constexpr std::uint64_t account_file_size_max = 10u << 20;

/// Reads regular files of at most `account_file_size_max` bytes; links are resolved inside the
/// root. `rootfs` and `store` must outlive the function.
ReadFile make_reader(const Rootfs& rootfs, const store::Store& store);

/// The host directories that an overlay of the rootfs consists of, topmost first; what is not
/// unpacked yet is unpacked now. Empty layers are left out, and of one that occurs twice only the
/// topmost stays: overlayfs refuses a directory that is there twice (ELOOP), and the lower one of
/// two equal layers shows nothing that the upper one does not.
std::vector<std::string> overlay_lowers(const Rootfs& rootfs, const store::Store& store,
                                        WorkerPool& pool);

}  // namespace strata::exec
