#pragma once
/// Which system calls a sandboxed process may make: data alone, seccomp.cpp makes a filter of it.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace strata::sandbox {

struct NumberedCall {
  const char* name;
  int number;
};

/// Names, allowed whatever the arguments.
std::vector<std::string> allowed_calls();
/// Allowed calls younger than libseccomp's own table.
std::span<const NumberedCall> allowed_numbers();
/// Names answered with EPERM.
std::vector<std::string> denied_calls();

/// socket(2) gives EPERM for these families.
std::span<const std::uint32_t> denied_socket_families();
/// The highest family allowed; above it lies what is not invented yet.
inline constexpr std::uint32_t socket_family_max = 45;

/// The only arguments personality(2) accepts.
std::span<const std::uint32_t> allowed_personalities();

/// CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET: clone(2) with any of them gives
/// EPERM. clone3(2) hides its flags in memory, where a filter cannot look: it is in no table.
inline constexpr std::uint32_t namespace_flags = 0x7E020000;

}  // namespace strata::sandbox
