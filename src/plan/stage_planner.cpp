#include "plan/stage_planner.hpp"

#include "plan/default_path.hpp"
#include "plan/history.hpp"
#include "plan/instructions.hpp"
#include "plan/onbuild.hpp"
#include "plan/utf8.hpp"
#include "strata/base/path.hpp"
#include "strata/base/url.hpp"
#include "strata/base/utf8.hpp"

namespace strata::plan {

namespace {

/// The kernel would see a path or an argument end there.
void refuse_zero_bytes(const dockerfile::Instruction& instruction) {
  if (instruction.original.find('\0') == std::string::npos) return;
  refuse("the instruction contains a zero byte, which no path or argument can have");
}

bool lists_stage(const std::set<std::string>& names, const dockerfile::Stage& stage) {
  return names.contains(stage.name) || names.contains(std::to_string(stage.index));
}

}  // namespace

StagePlanner::StagePlanner(const Outline& outline, const PlannedStage* base,
                           const StageIndexes& indexes, const Sources& sources)
    : outline_(outline), indexes_(indexes), sources_(sources) {
  const auto& source = *outline.source;
  Stage& stage = planned_.stage;
  stage.name = source.name;
  stage.index_in_file = source.index;
  stage.text = valid_utf8(trim(source.from->original));
  stage.lines = {source.from->lines.first_line, source.from->lines.last_line};
  stage.base = outline.base;
  stage.platform = outline.platform;
  stage.no_cache = options().no_cache || lists_stage(options().no_cache_stages, source);
  begin(base);
}

void StagePlanner::begin(const PlannedStage* base) {
  Stage& stage = planned_.stage;
  if (base != nullptr) {
    const auto file_index = std::get<BaseStage>(outline_.base).stage;
    stage.base = BaseStage{indexes_.at(file_index)};
    stage.platform = base->stage.platform;
    stage.author = base->stage.author;
    planned_.arguments = base->arguments;
    config_ = base->stage.config;
  } else if (const auto* image = std::get_if<BaseImage>(&outline_.base)) {
    stage.author = image->image->config.author;
    config_ = image->image->config.run;
    if (!config_.working_dir.empty()) config_.working_dir = absolute_path("/", config_.working_dir);
  } else {
    config_.working_dir = "/";
  }
  config_.on_build.clear();
  env_ = EnvIndex(config_.env);
  if (!find_env("PATH")) set_env("PATH", default_path);
  make_valid_utf8(config_);
  const auto count = [&] { sources_.size.add(planned_.arguments.bytes() + bytes_of(config_)); };
  sources_.findings.attempt(outline_.source->from->lines, count);
}

PlannedStage StagePlanner::plan() {
  escape_ = outline_.trigger_escape;
  for (const auto& trigger : outline_.triggers) {
    const std::string text(trim(trigger.original));
    plan_instruction(trigger, trigger_prefix(text, outline_.base_name));
  }
  escape_ = sources_.file.escape;
  for (const auto* instruction : outline_.source->instructions) plan_instruction(*instruction, {});
  planned_.stage.config = std::move(config_);
  return std::move(planned_);
}

void StagePlanner::plan_instruction(const dockerfile::Instruction& instruction,
                                    std::string_view about) {
  if (sources_.size.exceeded()) return;  // which has been said
  instruction_ = &instruction;
  about_ = about;
  const auto work = [&] {
    refuse_zero_bytes(instruction);
    if (const auto planner = planner_of(*instruction.keyword)) planner(*this, instruction);
  };
  sources_.findings.attempt(instruction.lines, work, about);
}

dockerfile::Expander StagePlanner::expander() const {
  const auto find = [this](std::string_view name) {
    auto value = find_env(name);
    return value ? value : planned_.arguments.find(name);
  };
  return dockerfile::Expander(find, escape_);
}

std::string StagePlanner::absolute(std::string_view path) const {
  return absolute_path(config_.working_dir.empty() ? "/" : config_.working_dir, path);
}

std::vector<std::string> StagePlanner::shell_command(const std::string& text) const {
  auto command = config_.shell;
  if (command.empty()) command = {"/bin/sh", "-c"};
  command.push_back(text);
  return command;
}

Origin StagePlanner::find_origin(const std::string& name) {
  const int self = outline_.source->index;
  sources_.references.check_copy_stage(self, name);
  if (const auto stage = sources_.references.find_copy_stage(self, name)) {
    return FromStage{indexes_.at(*stage)};
  }
  if (const auto context = sources_.references.find_copy_context(name))
    return FromContext{*context};
  if (name == "scratch") refuse("--from=scratch: scratch has no files");
  return FromImage{name, sources_.references.image(self, name, platform())};
}

Origin StagePlanner::find_mount_origin(const std::string& name) {
  if (!parse_decimal(name)) return find_origin(name);
  return FromImage{name, sources_.references.image(outline_.source->index, name, platform())};
}

void StagePlanner::report(const std::string& message, std::string suggestion) {
  sources_.findings.add(instruction_->lines, cat(about_, message), std::move(suggestion));
}

void StagePlanner::add_step(Operation operation, std::string created_by) {
  make_rest_valid_utf8(config_);
  sources_.size.add(created_by.size());
  Step step{std::move(operation), {}, {}, valid_utf8(created_by), {}};
  step.instruction = dockerfile::keyword_name(*instruction_->keyword);
  step.text = mask_credentials(valid_utf8(trim(instruction_->original)));
  step.lines = {instruction_->lines.first_line, instruction_->lines.last_line};
  planned_.stage.steps.push_back(std::move(step));
}

void StagePlanner::add_edit(const std::vector<std::string>& words, std::string created_by) {
  const auto keyword = dockerfile::keyword_name(*instruction_->keyword);
  // Quoted words: what is between them cannot be taken for a part of them.
  EditConfig edit{quoted_list_history(keyword, words)};
  note_size(edit.effect.size());
  add_step(std::move(edit), std::move(created_by));
}

}  // namespace strata::plan
