#pragma once
/// The first process of a sandbox: builds everything, starts the main process, reaps.

#include "sandbox/message.hpp"
#include "sandbox/seccomp.hpp"

namespace strata::sandbox {

/// The order of descriptors in a request to start a sandbox; the mounts' sources follow.
enum RequestFd : std::size_t {
  request_channel,
  request_spec,
  request_in,
  request_out,
  request_err,
  request_sources
};

/// Runs in a child just cloned into new namespaces, as their pid 1. Never returns.
[[noreturn]] void be_pid_one(Packet request, const FilterProgram& filter);

}  // namespace strata::sandbox
