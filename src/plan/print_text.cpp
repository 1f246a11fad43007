/// A plan as text for people: one paragraph for each stage, a few lines for each step.

#include "plan/print_parts.hpp"
#include "strata/base/text.hpp"
#include "strata/plan/print.hpp"

namespace strata::plan {

namespace {

constexpr std::string_view indent = "    ";

std::string quoted_words(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += cat(out.empty() ? "" : " ", quoted(word));
  return out;
}

std::string line(std::string_view name, std::string_view value) {
  return cat(indent, name, ": ", value, "\n");
}

/// What is mounted, each kind in its own words.
struct MountText {
  const Plan& plan;

  std::string operator()(const BindMount& bind) const {
    return cat("bind of ", quoted("/" + bind.source), " from ", origin_text(plan, bind.origin),
               bind.read_only ? "" : ", writable");
  }
  std::string operator()(const CacheMount& cache) const {
    std::string out = cat("cache ", quoted(cache.id), ", ", sharing_name(cache.sharing));
    if (cache.origin) out += cat(", filled from ", origin_text(plan, *cache.origin));
    if (!cache.source.empty()) out += cat(", of it ", quoted("/" + cache.source));
    return cache.read_only ? out + ", read-only" : out;
  }
  std::string operator()(const TmpfsMount& tmpfs) const {
    return cat("tmpfs", tmpfs.size_max == 0 ? "" : cat(" of ", tmpfs.size_max, " bytes"),
               tmpfs.read_only ? ", read-only" : "");
  }
  std::string operator()(const SecretMount& secret) const {
    std::string out = cat("secret ", quoted(secret.id));
    if (!secret.variable.empty()) out += cat(", variable ", quoted(secret.variable));
    return secret.required ? out + ", required" : out;
  }
  std::string operator()(const AgentMount& agent) const {
    return cat("ssh agent ", quoted(agent.id), agent.required ? ", required" : "");
  }
};

std::string mount_line(const Plan& plan, const Mount& mount) {
  const std::string what = std::visit(MountText{plan}, mount.kind);
  return line("mount", mount.target.empty() ? what : cat(quoted(mount.target), ": ", what));
}

/// The details of an operation, each kind in its own words.
struct Details {
  const Plan& plan;

  std::string operator()(const CopyFiles& copy) const {
    std::string out = line("from", origin_text(plan, copy.origin));
    if (!copy.sources.empty()) out += line("sources", quoted_words(copy.sources));
    for (const auto& file : copy.inline_files) {
      out += line(cat("file ", quoted(file.name)), quoted(file.content));
    }
    const auto* slash = copy.destination_is_directory && copy.destination != "/" ? "/" : "";
    out += line("to", quoted(cat(copy.destination, slash)));
    if (copy.owner) out += line("owner", quoted(*copy.owner));
    if (copy.mode) out += line("mode", *copy.mode);
    if (!copy.exclude.empty()) out += line("exclude", quoted_words(copy.exclude));
    if (copy.keep_parents) out += line("parents", "keep");
    if (copy.archives != CopyFiles::Archives::keep) out += line("archives", "unpack");
    return out;
  }

  std::string operator()(const RunProcess& run) const {
    std::string out = line("argv", quoted_words(run.argv));
    if (run.script) out += line("script", quoted(run.script->content));
    out += line("in", quoted(run.working_dir));
    if (!run.user.empty()) out += line("user", quoted(run.user));
    if (run.network != RunProcess::Network::standard) {
      out += line("network", network_name(run.network));
    }
    if (run.security == RunProcess::Security::insecure) out += line("security", "insecure");
    for (const auto& mount : run.mounts) out += mount_line(plan, mount);
    for (const auto& device : run.devices) {
      out += line("device", cat(quoted(device.name), device.required ? ", required" : ""));
    }
    for (const auto& variable : run.env) out += line("env", quoted(variable));
    // Proxy addresses may hold passwords, so only names are shown.
    for (const auto& name : variable_names(run.hidden_env)) out += line("hidden env", name);
    return out;
  }

  std::string operator()(const MakeDirectory& directory) const {
    std::string out = line("directory", quoted(directory.path));
    if (!directory.user.empty()) out += line("user", quoted(directory.user));
    return out;
  }

  std::string operator()(const EditConfig& edit) const { return line("effect", edit.effect); }
};

std::string step_text(const Plan& plan, const Step& step) {
  std::string out = cat("  line ", step.lines.first, ": ", step.text, "\n");
  out += std::visit(Details{plan}, step.operation);
  if (!step.created_by.empty()) out += line("history", quoted(step.created_by));
  return out;
}

std::string stage_text(const Plan& plan, const Stage& stage) {
  std::string out = cat("stage ", stage.label(), " (", stage.platform, ")\n");
  out += cat("  line ", stage.lines.first, ": ", stage.text, "\n");
  out += line("base", base_text(plan, stage.base));
  if (stage.no_cache) out += line("cache", "not asked");
  for (const auto& step : stage.steps) out += step_text(plan, step);
  if (!stage.author.empty()) out += cat("  author: ", quoted(stage.author), "\n");
  return out + cat("  config: ", oci::to_json(stage.config), "\n");
}

}  // namespace

std::string to_text(const Plan& plan) {
  std::string out;
  for (const auto& stage : plan.stages) out += stage_text(plan, stage);
  return out + cat("target ", plan.target_stage().label(), "\n");
}

}  // namespace strata::plan
