#include "plan/mounts.hpp"

#include <algorithm>

#include "strata/base/path.hpp"
#include "strata/dockerfile/device.hpp"
#include "strata/dockerfile/flags.hpp"
#include "strata/dockerfile/mount.hpp"

namespace strata::plan {

namespace {

using dockerfile::MountSharing;
using dockerfile::MountSpec;
using dockerfile::MountType;

constexpr std::string_view secret_directory = "/run/secrets/";
constexpr std::string_view agent_socket = "/run/buildkit/ssh_agent.";
constexpr std::string_view agent_variable = "SSH_AUTH_SOCK";
constexpr std::string_view namespace_argument = "BUILDKIT_CACHE_MOUNT_NS";
constexpr std::uint32_t id_max = 0x7fffffff;

void check_numbers(const MountSpec& spec) {
  if (spec.mode.value_or(0) > 07777) refuse("--mount: mode: expected octal digits from 0 to 7777");
  for (const auto& id : {spec.uid, spec.gid}) {
    if (id.value_or(0) > id_max) refuse(cat("--mount: ", *id, " is no user or group"));
  }
}

/// Plans the mounts of one instruction.
class MountPlanner {
 public:
  explicit MountPlanner(StagePlanner& stage) : stage_(stage) {}

  Mount plan(const MountSpec& spec) {
    check_numbers(spec);
    origin_.reset();
    if (!spec.from.empty()) origin_ = stage_.find_mount_origin(spec.from);
    Mount mount = plan_kind(spec);
    if (mount.target == "/") {
      refuse("--mount: nothing can be mounted on \"/\"", "name a directory with target=");
    }
    return mount;
  }

 private:
  Mount plan_kind(const MountSpec& spec) {
    switch (spec.type) {
      case MountType::bind:
        return plan_bind(spec);
      case MountType::cache:
        return plan_cache(spec);
      case MountType::tmpfs:
        return {stage_.absolute(spec.target), TmpfsMount{spec.size.value_or(0), spec.read_only}};
      case MountType::secret:
        return plan_secret(spec);
      case MountType::ssh:
        return plan_agent(spec);
    }
    refuse("--mount: unknown type");
  }

  Mount plan_bind(const MountSpec& spec) {
    BindMount bind;
    if (origin_) bind.origin = *origin_;
    bind.source = root_path(spec.source);
    bind.read_only = spec.read_only;
    return {stage_.absolute(spec.target), std::move(bind)};
  }

  Mount plan_cache(const MountSpec& spec) {
    const auto& build_args = stage_.options().build_args;
    const auto name_space = build_args.find(std::string(namespace_argument));
    CacheMount cache;
    // As BuildKit has it: the target stands for an id as it is written, not as WORKDIR makes it.
    cache.id = cat(name_space == build_args.end() ? std::string() : name_space->second, "/",
                   spec.id.empty() ? clean_path(spec.target) : spec.id);
    cache.sharing = sharing_of(spec.sharing);
    cache.origin = origin_;
    cache.source = root_path(spec.source);
    cache.mode = spec.mode;
    cache.uid = spec.uid;
    cache.gid = spec.gid;
    cache.read_only = spec.read_only;
    return {stage_.absolute(spec.target), std::move(cache)};
  }

  static CacheMount::Sharing sharing_of(MountSharing sharing) {
    if (sharing == MountSharing::private_copy) return CacheMount::Sharing::private_copy;
    if (sharing == MountSharing::locked) return CacheMount::Sharing::locked;
    return CacheMount::Sharing::shared;
  }

  Mount plan_secret(const MountSpec& spec) {
    SecretMount secret;
    secret.id = spec.source.empty() ? spec.id : spec.source;
    if (secret.id.empty()) secret.id = base_name(spec.target);
    if (secret.id.empty()) refuse("--mount: the secret has no id", "name it with id=");
    secret.required = spec.required;
    secret.mode = spec.mode.value_or(secret.mode);
    secret.uid = spec.uid.value_or(0);
    secret.gid = spec.gid.value_or(0);
    if (spec.env) secret.variable = variable_name(*spec.env);
    std::string target;
    if (!spec.target.empty()) target = stage_.absolute(spec.target);
    if (target.empty() && !spec.env) {
      target = absolute_path("/", cat(secret_directory, base_name(secret.id)));
    }
    return {std::move(target), std::move(secret)};
  }

  static std::string variable_name(const std::string& text) {
    if (!text.empty() && text.find('=') == std::string::npos) return text;
    refuse(cat("--mount: env=", text, " is no variable's name"));
  }

  Mount plan_agent(const MountSpec& spec) {
    if (!spec.source.empty()) refuse("--mount: type=ssh takes no source");
    AgentMount agent;
    agent.id = spec.id.empty() ? "default" : spec.id;
    agent.required = spec.required;
    agent.mode = spec.mode.value_or(agent.mode);
    agent.uid = spec.uid.value_or(0);
    agent.gid = spec.gid.value_or(0);
    const std::string socket = cat(agent_socket, agents_++);
    return {stage_.absolute(spec.target.empty() ? socket : spec.target), std::move(agent)};
  }

  StagePlanner& stage_;
  std::optional<Origin> origin_;  ///< of the mount at hand
  int agents_ = 0;
};

/// Programs look for one agent only.
void announce_agent(RunProcess& run) {
  if (oci::find_env(run.env, agent_variable)) return;
  for (const auto& mount : run.mounts) {
    if (!std::holds_alternative<AgentMount>(mount.kind)) continue;
    run.env.push_back(cat(agent_variable, "=", mount.target));
    return;
  }
}

}  // namespace

void plan_mounts(RunProcess& run, StagePlanner& stage, const dockerfile::Instruction& instruction) {
  auto expander = stage.expander();
  const auto expand = [&](std::string_view text) { return expander.word(text); };
  MountPlanner planner(stage);
  for (const auto& text : dockerfile::flag_values(instruction, "mount")) {
    run.mounts.push_back(planner.plan(dockerfile::parse_mount(text, expand)));
  }
  announce_agent(run);
  std::stable_sort(run.mounts.begin(), run.mounts.end(), [](const auto& left, const auto& right) {
    return PathLess{}(root_path(left.target), root_path(right.target));
  });
  for (const auto& text : dockerfile::flag_values(instruction, "device")) {
    auto device = dockerfile::parse_device(text);
    run.devices.push_back({std::move(device.name), device.required});
  }
}

}  // namespace strata::plan
