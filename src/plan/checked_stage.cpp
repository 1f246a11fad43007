#include "plan/checked_stage.hpp"

#include <algorithm>
#include <array>

#include "plan/default_path.hpp"
#include "strata/base/path.hpp"

namespace strata::plan {

namespace {

using dockerfile::Instruction;
using dockerfile::Keyword;

/// No more are kept for hints.
constexpr std::size_t copied_count_max = 100;

/// All names and values see the environment as it was before.
void play_env(CheckedStage& stage, const Instruction& instruction) {
  std::vector<std::pair<std::string, std::string>> definitions;
  for (const auto& pair : instruction.pairs) {
    const auto name = stage.expanded(pair.key);
    const auto value = stage.expanded(pair.value.value_or(""));
    if (name && value) definitions.emplace_back(*name, *value);
  }
  for (const auto& [name, value] : definitions) {
    stage.env.define(name, value);
    stage.image_env.define(name, value);
  }
}

void declare(CheckedStage& stage, const dockerfile::Pair& pair) {
  const auto& plan = stage.sources->plan;
  stage.arguments.define(pair.key, {});
  auto expander = stage.expander();
  try {
    const auto argument = resolve_argument(pair, plan.options.build_args, plan.globals, expander);
    if (argument.value) stage.env.define(argument.name, *argument.value);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::dockerfile) throw;
  }
}

void play_arg(CheckedStage& stage, const Instruction& instruction) {
  for (const auto& pair : instruction.pairs) declare(stage, pair);
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
  if (instruction.args.empty() || stage.copied.size() >= copied_count_max) return;
  const auto path = stage.expanded(instruction.args.back());
  if (path) stage.copied.insert(root_path(absolute_path(stage.working_dir, *path)));
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
  for (const auto& variable : config.env) {
    const auto equals = variable.find('=');
    const bool has_value = equals != std::string::npos;
    stage.image_env.define(variable.substr(0, equals),
                           has_value ? variable.substr(equals + 1) : std::string());
  }
  stage.shell = config.shell;
  stage.working_dir = absolute_path("/", config.working_dir);
}

}  // namespace

dockerfile::Expander CheckedStage::expander() const {
  return dockerfile::Expander([this](std::string_view name) { return env.find(name); }, escape);
}

std::optional<std::string> CheckedStage::expanded(std::string_view text) const {
  try {
    return expander().word(text);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::dockerfile) throw;
    return std::nullopt;
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
  if (!stage.image_env.find("PATH")) stage.image_env.define("PATH", std::string(default_path));
  // What the image will have is defined anew in each stage, and so later than any ARG below.
  for (const auto& name : stage.image_env.names()) {
    stage.env.define(name, *stage.image_env.find(name));
  }
  return stage;
}

}  // namespace strata::plan
