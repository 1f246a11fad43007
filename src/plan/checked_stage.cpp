#include "plan/checked_stage.hpp"

#include <algorithm>
#include <array>

#include "plan/default_path.hpp"
#include "strata/base/path.hpp"

namespace strata::plan {

namespace {

using dockerfile::Instruction;
using dockerfile::Keyword;

/// A name that is defined anew moves to the end.
void define(std::vector<std::string>& env, const std::string& name, const std::string& value) {
  const std::string start = cat(name, "=");
  const auto same = [&](const std::string& variable) { return variable.starts_with(start); };
  env.erase(std::remove_if(env.begin(), env.end(), same), env.end());
  env.push_back(start + value);
}

void play_env(CheckedStage& stage, const Instruction& instruction) {
  const CheckedStage before = stage;
  for (const auto& pair : instruction.pairs) {
    const auto name = before.expanded(pair.key);
    const auto value = before.expanded(pair.value.value_or(""));
    if (!name || !value) continue;
    define(stage.env, *name, *value);
    oci::set_env(stage.image_env, *name, *value);
  }
}

void play_arg(CheckedStage& stage, const Instruction& instruction) {
  for (const auto& pair : instruction.pairs) stage.declare(pair);
}

void play_shell(CheckedStage& stage, const Instruction& instruction) {
  stage.shell = instruction.args;
}

void play_workdir(CheckedStage& stage, const Instruction& instruction) {
  stage.has_workdir = true;
  const auto path = stage.expanded(join(instruction.args, " "));
  if (path) stage.working_dir = absolute_path(stage.working_dir, *path);
}

void play_copy(CheckedStage& stage, const Instruction& instruction) {
  if (instruction.args.empty()) return;
  const auto path = stage.expanded(instruction.args.back());
  if (path) stage.copied.push_back(absolute_path(stage.working_dir, *path));
}

struct Row {
  Keyword keyword;
  void (*play)(CheckedStage& stage, const Instruction& instruction);
};

constexpr std::array table = {
    Row{Keyword::add, play_copy},    Row{Keyword::arg, play_arg},
    Row{Keyword::copy, play_copy},   Row{Keyword::env, play_env},
    Row{Keyword::shell, play_shell}, Row{Keyword::workdir, play_workdir},
};

void take_image(CheckedStage& stage, const oci::RunConfig& config) {
  stage.image_env = config.env;
  stage.shell = config.shell;
  stage.working_dir = absolute_path("/", config.working_dir);
}

}  // namespace

dockerfile::Expander CheckedStage::expander() const {
  return dockerfile::Expander(
      [variables = env](std::string_view name) { return oci::find_env(variables, name); }, escape);
}

std::optional<std::string> CheckedStage::expanded(std::string_view text) const {
  try {
    return expander().word(text);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::dockerfile) throw;
    return std::nullopt;
  }
}

void CheckedStage::declare(const dockerfile::Pair& pair) {
  arguments.insert(pair.key);
  auto words = expander();
  try {
    const auto argument =
        resolve_argument(pair, sources->plan.options.build_args, sources->plan.globals, words);
    if (argument.value) define(env, argument.name, *argument.value);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::dockerfile) throw;
  }
}

void CheckedStage::play(const Instruction& instruction) {
  const auto row = std::find_if(table.begin(), table.end(), [&](const Row& candidate) {
    return candidate.keyword == instruction.keyword;
  });
  if (row != table.end()) row->play(*this, instruction);
  last[*instruction.keyword] = instruction.lines;
}

CheckedStage begin_stage(const Outline& outline, const CheckedStage* base,
                         const CheckSources& sources) {
  CheckedStage stage;
  if (base != nullptr) {
    stage = *base;
    stage.last.clear();
    stage.copied.clear();
  } else if (const auto* image = std::get_if<BaseImage>(&outline.base)) {
    take_image(stage, image->image->config.run);
  }
  stage.sources = &sources;
  stage.index = outline.source->index;
  stage.escape = sources.plan.file.escape;
  if (!oci::find_env(stage.image_env, "PATH")) {
    oci::set_env(stage.image_env, "PATH", default_path);
  }
  // What the image will have is defined anew in each stage, and so later than any ARG below.
  for (const auto& variable : stage.image_env) {
    const auto equals = variable.find('=');
    const bool has_value = equals != std::string::npos;
    define(stage.env, variable.substr(0, equals), has_value ? variable.substr(equals + 1) : "");
  }
  return stage;
}

}  // namespace strata::plan
