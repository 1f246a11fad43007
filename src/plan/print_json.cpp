/// A plan as one JSON object.

#include "plan/print_parts.hpp"
#include "strata/base/json.hpp"
#include "strata/base/utf8.hpp"
#include "strata/plan/print.hpp"

namespace strata::plan {

namespace {

json::array array_of(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

json::object object_of(const InlineFile& file) {
  return {{"name", file.name}, {"content", file.content}};
}

/// The type of a mount, and its members.
struct MountMembers {
  const Plan& plan;

  json::object operator()(const BindMount& bind) const {
    return {{"type", "bind"},
            {"from", origin_text(plan, bind.origin)},
            {"source", "/" + bind.source},
            {"read_only", bind.read_only}};
  }
  json::object operator()(const CacheMount& cache) const {
    json::object out{{"type", "cache"},
                     {"id", cache.id},
                     {"sharing", sharing_name(cache.sharing)},
                     {"source", "/" + cache.source},
                     {"read_only", cache.read_only}};
    if (cache.origin) out["from"] = origin_text(plan, *cache.origin);
    if (cache.mode) out["mode"] = *cache.mode;
    if (cache.uid) out["uid"] = *cache.uid;
    if (cache.gid) out["gid"] = *cache.gid;
    return out;
  }
  json::object operator()(const TmpfsMount& tmpfs) const {
    return {{"type", "tmpfs"}, {"size_max", tmpfs.size_max}, {"read_only", tmpfs.read_only}};
  }
  json::object operator()(const SecretMount& secret) const {
    json::object out{{"type", "secret"},    {"id", secret.id},   {"required", secret.required},
                     {"mode", secret.mode}, {"uid", secret.uid}, {"gid", secret.gid}};
    if (!secret.variable.empty()) out["env"] = secret.variable;
    return out;
  }
  json::object operator()(const AgentMount& agent) const {
    return {{"type", "ssh"},      {"id", agent.id},   {"required", agent.required},
            {"mode", agent.mode}, {"uid", agent.uid}, {"gid", agent.gid}};
  }
};

json::array mounts_of(const Plan& plan, const RunProcess& run) {
  json::array mounts;
  for (const auto& mount : run.mounts) {
    json::object out = std::visit(MountMembers{plan}, mount.kind);
    if (!mount.target.empty()) out["target"] = mount.target;
    mounts.push_back(std::move(out));
  }
  return mounts;
}

json::array devices_of(const RunProcess& run) {
  json::array devices;
  for (const auto& device : run.devices) {
    devices.push_back(json::object{{"name", device.name}, {"required", device.required}});
  }
  return devices;
}

/// What an operation is called, and its members.
struct Members {
  const Plan& plan;

  json::object operator()(const CopyFiles& copy) const {
    json::object out{{"operation", "copy"}, {"from", origin_text(plan, copy.origin)}};
    out["sources"] = array_of(copy.sources);
    json::array& files = out["files"].emplace_array();
    for (const auto& file : copy.inline_files) files.push_back(object_of(file));
    out["destination"] = copy.destination;
    out["destination_is_directory"] = copy.destination_is_directory;
    if (copy.owner) out["owner"] = *copy.owner;
    if (copy.mode) out["mode"] = *copy.mode;
    if (!copy.exclude.empty()) out["exclude"] = array_of(copy.exclude);
    if (copy.keep_parents) out["parents"] = true;
    out["unpack"] = copy.archives != CopyFiles::Archives::keep;
    return out;
  }

  json::object operator()(const RunProcess& run) const {
    json::object out{{"operation", "run"}, {"argv", array_of(run.argv)}};
    if (run.script) out["script"] = object_of(*run.script);
    out["env"] = array_of(run.env);
    out["hidden_env"] = array_of(variable_names(run.hidden_env));
    out["user"] = run.user;
    out["working_dir"] = run.working_dir;
    out["network"] = network_name(run.network);
    const bool is_insecure = run.security == RunProcess::Security::insecure;
    out["security"] = is_insecure ? "insecure" : "sandbox";
    out["mounts"] = mounts_of(plan, run);
    out["devices"] = devices_of(run);
    return out;
  }

  json::object operator()(const MakeDirectory& directory) const {
    return {{"operation", "directory"}, {"path", directory.path}, {"user", directory.user}};
  }

  json::object operator()(const EditConfig& edit) const {
    return {{"operation", "config"}, {"effect", edit.effect}};
  }
};

json::object object_of(const Plan& plan, const Step& step) {
  json::object out{{"instruction", step.instruction},
                   {"text", step.text},
                   {"start_line", step.lines.first},
                   {"end_line", step.lines.last},
                   {"created_by", step.created_by}};
  json::object members = std::visit(Members{plan}, step.operation);
  for (auto& member : members) out.emplace(member.key(), std::move(member.value()));
  return out;
}

json::object object_of(const Plan& plan, const Stage& stage) {
  json::object out{{"index", stage.index_in_file},
                   {"name", stage.name},
                   {"text", stage.text},
                   {"start_line", stage.lines.first},
                   {"end_line", stage.lines.last},
                   {"platform", to_string(stage.platform)},
                   {"base", base_text(plan, stage.base)},
                   {"no_cache", stage.no_cache},
                   {"author", stage.author}};
  json::array& needs = out["needs"].emplace_array();
  for (const auto need : stage.needs()) needs.push_back(plan.stages[need].index_in_file);
  json::array& steps = out["steps"].emplace_array();
  for (const auto& step : stage.steps) steps.push_back(object_of(plan, step));
  out["config"] = parse_json(oci::to_json(stage.config), "config");
  return out;
}

}  // namespace

std::string to_json(const Plan& plan) {
  json::object out{{"version", 1}, {"dockerfile", plan.dockerfile}};
  out["target"] = plan.target_stage().index_in_file;
  json::array& stages = out["stages"].emplace_array();
  for (const auto& stage : plan.stages) stages.push_back(object_of(plan, stage));
  return valid_utf8(strata::to_text(json::value(std::move(out))));
}

}  // namespace strata::plan
