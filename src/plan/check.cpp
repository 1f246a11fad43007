#include "strata/plan/check.hpp"

#include <algorithm>
#include <iterator>

#include "plan/assumed_images.hpp"
#include "plan/from_checks.hpp"
#include "plan/hints.hpp"
#include "plan/instruction_checks.hpp"
#include "plan/target.hpp"
#include "strata/dockerfile/syntax_checks.hpp"

namespace strata::plan {

namespace {

using dockerfile::CheckSettings;
using dockerfile::Instruction;
using dockerfile::Warning;

CheckSettings settings_for(const dockerfile::File& file, const Options& options) {
  const auto given = options.build_args.find("BUILDKIT_DOCKERFILE_CHECK");
  if (given == options.build_args.end()) return dockerfile::file_check_settings(file);
  try {
    return dockerfile::parse_check_settings(given->second);
  } catch (const Error& error) {
    fail(ErrorKind::usage, "--build-arg BUILDKIT_DOCKERFILE_CHECK: ", error.message());
  }
}

std::vector<Outline> outlines_in(CheckRequest::Scope scope, const Sources& sources) {
  const auto& target = find_target(sources.stages, sources.options.target);
  return scope == CheckRequest::Scope::target ? needed_stages(target, sources)
                                              : all_stages(target, sources);
}

/// Goes through a file and keeps what the settings report.
class Checker {
 public:
  Checker(const CheckSources& sources, const CheckSettings& settings, const CheckRequest& request)
      : sources_(sources), settings_(settings), request_(request) {}

  void check_file();
  std::vector<Warning> take() { return std::move(found_); }

 private:
  void check_stage(const Outline& outline);
  void check_instruction(const Instruction& instruction, CheckedStage& stage);
  void check_piece(const Instruction& instruction, CheckedStage& stage,
                   const CheckSettings& settings);
  void keep(const std::vector<Warning>& found, const CheckSettings& settings);

  const CheckSources& sources_;
  const CheckSettings& settings_;
  const CheckRequest& request_;
  std::map<std::size_t, CheckedStage> done_;  ///< by index in the file
  std::vector<Warning> found_;
};

void Checker::keep(const std::vector<Warning>& found, const CheckSettings& settings) {
  std::copy_if(found.begin(), found.end(), std::back_inserter(found_),
               [&](const Warning& warning) { return settings.reports(warning.rule); });
}

void Checker::check_file() {
  keep(check_default_bases(sources_), settings_);
  for (const auto& stage : sources_.plan.stages.stages) {
    keep(check_from(stage, sources_), with_comments(settings_, stage.from->comments));
  }
  for (const auto& outline : outlines_in(request_.scope, sources_.plan)) check_stage(outline);
}

void Checker::check_stage(const Outline& outline) {
  // What --build-context stands for the base is the user's choice, not the file's.
  const auto& contexts = sources_.plan.options.contexts;
  if (contexts.find(outline.base_name, outline.platform) == nullptr) {
    keep(check_base_platform(outline), settings_);
    if (request_.hints) keep(hints_of_base(outline), settings_);
  }
  const auto* base = std::get_if<BaseStage>(&outline.base);
  auto stage = begin_stage(outline, base == nullptr ? nullptr : &done_.at(base->stage), sources_);
  for (const auto& trigger : outline.triggers) check_instruction(trigger, stage);
  for (const auto* instruction : outline.source->instructions) {
    check_instruction(*instruction, stage);
  }
  done_.emplace(static_cast<std::size_t>(stage.index), std::move(stage));
}

/// ARG with several names is as many ARGs.
Instruction single_argument(const Instruction& arg, const dockerfile::Pair& pair) {
  Instruction single;
  single.keyword = arg.keyword;
  single.keyword_text = arg.keyword_text;
  single.lines = arg.lines;
  single.form = arg.form;
  single.pairs = {pair};
  return single;
}

void Checker::check_instruction(const Instruction& instruction, CheckedStage& stage) {
  const auto settings = with_comments(settings_, instruction.comments);
  if (instruction.keyword != dockerfile::Keyword::arg) {
    check_piece(instruction, stage, settings);
    return;
  }
  for (const auto& pair : instruction.pairs) {
    check_piece(single_argument(instruction, pair), stage, settings);
  }
}

void Checker::check_piece(const Instruction& instruction, CheckedStage& stage,
                          const CheckSettings& settings) {
  keep(check_in_stage(instruction, stage), settings);
  if (request_.hints) keep(hints_in_stage(instruction, stage), settings);
  stage.play(instruction);
}

std::vector<Warning> check_stages(const dockerfile::File& file, const CheckSettings& settings,
                                  const Options& options, ImageSource& images,
                                  const CheckRequest& request) {
  const auto stages = dockerfile::split_stages(file);
  Findings mistakes(file);  // `find_mistakes` tells them
  GlobalArguments globals(options, find_target(stages, options.target).name);
  for (const auto* arg : stages.global_args) {
    mistakes.attempt(arg->lines, [&] { globals.declare(*arg, file.escape); });
  }
  AssumedImages assumed(images);
  References references(stages, options, assumed);
  PlanSize size;
  const Sources plan{file, stages, options, globals, references, mistakes, size};
  const CheckSources sources{plan, request.ignore};
  Checker checker(sources, settings, request);
  checker.check_file();
  return checker.take();
}

void sort_by_line(std::vector<Warning>& warnings) {
  std::stable_sort(warnings.begin(), warnings.end(), [](const Warning& left, const Warning& right) {
    return left.lines.first_line < right.lines.first_line;
  });
}

bool is_hint(const Warning& warning) {
  return dockerfile::rule_text(warning.rule).kind == dockerfile::RuleKind::hint;
}

}  // namespace

CheckReport check(const dockerfile::File& file, const Options& options, ImageSource& images,
                  const CheckRequest& request) {
  const CheckSettings settings = settings_for(file, options);
  CheckReport report;
  auto found = dockerfile::check_syntax(file, settings);
  if (dockerfile::check_structure(file).empty()) {
    auto more = check_stages(file, settings, options, images, request);
    std::move(more.begin(), more.end(), std::back_inserter(found));
  }
  sort_by_line(found);
  std::partition_copy(found.begin(), found.end(), std::back_inserter(report.hints),
                      std::back_inserter(report.warnings), is_hint);
  report.fails_build = settings.fails_build && !report.warnings.empty();
  return report;
}

}  // namespace strata::plan
