#include "run_spec.hpp"

#include "strata/base/text.hpp"
#include "strata/oci/image_config.hpp"

namespace strata::exec {

namespace {

/// What Docker gives a process that no ENV gave a PATH.
constexpr std::string_view default_path =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

std::vector<std::string> environment(const plan::RunProcess& step, const ResolvedUser& user) {
  std::vector<std::string> env = step.env;
  env.insert(env.end(), step.hidden_env.begin(), step.hidden_env.end());
  if (!oci::find_env(env, "PATH")) oci::set_env(env, "PATH", default_path);
  // The OCI runtimes' rule: an empty HOME is none.
  if (oci::find_env(env, "HOME").value_or("").empty()) oci::set_env(env, "HOME", user.home);
  return env;
}

sandbox::Mount script_mount(const plan::InlineFile& script, const std::string& target) {
  sandbox::Mount mount;
  mount.kind = sandbox::Mount::Kind::file;
  mount.target = target;
  mount.content = script.content;
  mount.read_only = true;
  return mount;
}

sandbox::Network network_of(plan::RunProcess::Network network) {
  return network == plan::RunProcess::Network::none ? sandbox::Network::none
                                                    : sandbox::Network::host;
}

}  // namespace

sandbox::Spec make_spec(const plan::RunProcess& step, const ResolvedUser& user) {
  sandbox::Spec spec;
  spec.argv = step.argv;
  spec.env = environment(step, user);
  spec.cwd = step.working_dir;
  spec.identity = user.identity;
  spec.network = network_of(step.network);
  spec.privileged = step.security == plan::RunProcess::Security::insecure;
  if (step.script) spec.mounts.push_back(script_mount(*step.script, step.argv.at(0)));
  return spec;
}

}  // namespace strata::exec
