#include "strata/plan/make_plan.hpp"

#include "plan/assumed_images.hpp"
#include "plan/history.hpp"
#include "plan/stage_planner.hpp"
#include "plan/target.hpp"
#include "strata/base/utf8.hpp"
#include "strata/plan/check.hpp"

namespace strata::plan {

namespace {

GlobalArguments global_arguments(const dockerfile::File& file, const dockerfile::Stages& stages,
                                 const Options& options, const std::string& target_name,
                                 Findings& findings) {
  GlobalArguments globals(options, target_name);
  for (const auto* arg : stages.global_args) {
    findings.attempt(arg->lines, [&] { globals.declare(*arg, file.escape); });
  }
  return globals;
}

/// Plans stages in the order of the file, so that a base is planned before what stands on it.
std::vector<Stage> plan_stages(const std::vector<Outline>& outlines, const Sources& sources) {
  StageIndexes indexes;
  std::vector<PlannedStage> planned;
  for (const auto& outline : outlines) {
    const auto* base = std::get_if<BaseStage>(&outline.base);
    const PlannedStage* parent = base == nullptr ? nullptr : &planned[indexes.at(base->stage)];
    PlannedStage stage = StagePlanner(outline, parent, indexes, sources).plan();
    indexes.emplace(static_cast<std::size_t>(outline.source->index), planned.size());
    planned.push_back(std::move(stage));
  }
  std::vector<Stage> stages;
  for (auto& stage : planned) stages.push_back(std::move(stage.stage));
  return stages;
}

/// --label: one more step at the end of the target, so that it wins over the file and over nothing
/// else than the image's labels. The history tells what the file says, and not this.
void add_option_labels(Stage& target, const Options& options) {
  if (options.labels.empty()) return;
  std::vector<std::string> words;
  for (const auto& [name, value] : options.labels) {
    target.config.labels[valid_utf8(name)] = valid_utf8(value);
    words.push_back(cat(name, "=", value));
  }
  const std::string text = valid_utf8(words_history("LABEL", words));
  Step step{EditConfig{quoted_list_history("LABEL", words)}, "LABEL", text, {}, target.lines};
  target.steps.push_back(std::move(step));
}

void add_names(std::set<std::string>& names, const dockerfile::Instruction& instruction) {
  if (instruction.keyword != dockerfile::Keyword::arg) return;
  for (const auto& pair : instruction.pairs) names.insert(pair.key);
}

/// The names of all ARGs: of the whole file, needed or not, and of the triggers that run.
std::set<std::string> declared_names(const dockerfile::File& file,
                                     const std::vector<Outline>& outlines) {
  std::set<std::string> names;
  for (const auto& instruction : file.instructions) add_names(names, instruction);
  for (const auto& outline : outlines) {
    for (const auto& trigger : outline.triggers) add_names(names, trigger);
  }
  return names;
}

std::vector<std::string> argument_warnings(const Options& options,
                                           const std::set<std::string>& declared) {
  const std::vector<std::string> candidates(declared.begin(), declared.end());
  std::vector<std::string> warnings;
  for (const auto& name : unused_arguments(options.build_args, declared)) {
    const auto hint = dockerfile::did_you_mean(name, candidates);
    warnings.push_back(
        cat("--build-arg ", name, ": no ARG of this name", hint.empty() ? "" : "; ", hint));
  }
  return warnings;
}

}  // namespace

Plan make_plan(const dockerfile::File& file, const Options& options, ImageSource& images,
               std::vector<std::string>* warnings) {
  const auto stages = dockerfile::split_stages(file);
  const auto& target = find_target(stages, options.target);
  Findings findings(file);
  const auto globals = global_arguments(file, stages, options, target.name, findings);
  References references(stages, options, images);
  PlanSize size;
  const Sources sources{file, stages, options, globals, references, findings, size};

  const auto outlines = needed_stages(target, sources);
  Plan plan;
  plan.dockerfile = file.name;
  plan.stages = plan_stages(outlines, sources);
  findings.throw_if_any();
  plan.target = plan.stages.size() - 1;
  add_option_labels(plan.stages.back(), options);
  if (warnings != nullptr) *warnings = argument_warnings(options, declared_names(file, outlines));
  return plan;
}

std::vector<dockerfile::Finding> find_mistakes(const dockerfile::File& file, const Options& asked,
                                               ImageSource& images) {
  auto structural = dockerfile::check_structure(file);
  if (!structural.empty()) return structural;
  Options options = asked;
  options.grants.reset();  // what is not allowed is no mistake of the file
  const auto stages = dockerfile::split_stages(file);
  const auto& target = find_target(stages, options.target);
  Findings findings(file, Findings::Gaps::pass);
  const auto globals = global_arguments(file, stages, options, target.name, findings);
  AssumedImages assumed(images);
  References references(stages, options, assumed);
  PlanSize size;
  const Sources sources{file, stages, options, globals, references, findings, size};
  plan_stages(all_stages(target, sources), sources);
  return findings.take_all();
}

}  // namespace strata::plan
