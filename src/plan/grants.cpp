/// What steps may use only if the user says so on the command line.

#include "plan/mounts.hpp"

namespace strata::plan {

namespace {

/// Reports what a mount requires of the user and was not given.
struct CheckMount {
  const Grants& grants;
  StagePlanner& stage;

  void operator()(const SecretMount& secret) const {
    if (!secret.required || grants.secrets.contains(secret.id)) return;
    stage.report(cat("the secret ", quoted(secret.id), " is required, but was not given"),
                 cat("add --secret id=", secret.id, ",src=FILE or --secret id=", secret.id,
                     ",env=VARIABLE to the command"));
  }
  void operator()(const AgentMount& agent) const {
    if (!agent.required || grants.agents.contains(agent.id)) return;
    stage.report(cat("the ssh agent ", quoted(agent.id), " is required, but was not given"),
                 cat("add --ssh ", agent.id, " to the command"));
  }
  template <class Other>
  void operator()(const Other&) const {}
};

void check_allowed(bool is_allowed, std::string_view what, std::string_view entitlement,
                   StagePlanner& stage) {
  if (is_allowed) return;
  stage.report(cat(what, " is not allowed in this build"),
               cat("add --allow ", entitlement, " to the command"));
}

}  // namespace

void check_grants(const RunProcess& run, StagePlanner& stage) {
  if (!stage.options().grants) return;
  const Grants& grants = *stage.options().grants;
  const bool is_host = run.network == RunProcess::Network::host;
  // Who asks for it on the command line has allowed it.
  const bool is_asked = stage.options().network == RunProcess::Network::host;
  check_allowed(!is_host || is_asked || grants.host_network, "--network=host", "network.host",
                stage);
  check_allowed(run.security == RunProcess::Security::sandbox || grants.insecure,
                "--security=insecure", "security.insecure", stage);
  for (const auto& device : run.devices) {
    check_allowed(grants.all_devices || grants.devices.contains(device.name),
                  cat("--device=", device.name), cat("device=", device.name), stage);
  }
  for (const auto& mount : run.mounts) std::visit(CheckMount{grants, stage}, mount.kind);
}

}  // namespace strata::plan
