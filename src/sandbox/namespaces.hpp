#pragma once
/// What a process shares with the host, and what it has for itself.

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "strata/sandbox/spec.hpp"

namespace strata::sandbox {

/// CLONE_NEW* flags: always mount, pid, ipc, uts and cgroup, network by choice.
std::uint64_t namespaces_for(const Spec& spec);

/// fork(2) into new namespaces: 0 in the child. The caller has one thread.
pid_t fork_into(std::uint64_t namespaces);

/// Gives the new uts namespace its name and a new network its loopback interface.
void set_up_namespaces(const Spec& spec);

/// From here on mounts are not seen by the host, nor the host's later ones here.
void make_mounts_private();

/// Makes `root` the root and lets go of everything mounted before.
void enter_root(int root_fd);

}  // namespace strata::sandbox
