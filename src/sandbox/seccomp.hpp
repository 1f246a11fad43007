#pragma once
/// The system call filter. Built once per helper, because libseccomp needs milliseconds for it, and
/// inherited by every sandbox as a finished program.

#include <linux/filter.h>

#include <vector>

namespace strata::sandbox {

using FilterProgram = std::vector<sock_filter>;

/// Translates the tables of system_calls.hpp. Programs of another architecture (also 32-bit and x32
/// calls on amd64) are killed: their numbers mean other calls.
FilterProgram make_filter();

/// Puts the calling thread under the filter for good. Needs CAP_SYS_ADMIN, because no_new_privs is
/// left off for sudo and su to work.
void install_filter(const FilterProgram& program);

}  // namespace strata::sandbox
