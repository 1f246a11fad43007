#pragma once
/// The mounts of a RUN made ready for its sandbox.

#include <map>
#include <memory>
#include <stop_token>
#include <vector>

#include "agent_relay.hpp"
#include "mount_sources.hpp"
#include "strata/sandbox/spec.hpp"
#include "strata/store/cache_mounts.hpp"

namespace strata::exec {

/// What has to live as long as the process that uses the mounts.
struct HeldMounts {
  std::map<Digest, store::HeldCacheMount> caches;
  std::vector<Fd> directories;
  std::vector<std::unique_ptr<AgentRelay>> relays;
};

/// Adds the mounts, and the variables that hold secrets, to `spec`. Waits for caches that others
/// have locked, and says so. What is written for the step goes into `work`.
HeldMounts set_up_mounts(const plan::RunProcess& step, const MountSources& sources,
                         const store::WorkDirectory& work, Engine& engine, const Reporter& reporter,
                         const std::stop_token& stop, sandbox::Spec& spec);

}  // namespace strata::exec
