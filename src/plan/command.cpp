/// Instructions that say how a process of the image is run: CMD ENTRYPOINT SHELL HEALTHCHECK
/// STOPSIGNAL USER WORKDIR.

#include "plan/history.hpp"
#include "plan/instructions.hpp"
#include "plan/signals.hpp"
#include "strata/dockerfile/duration.hpp"
#include "strata/dockerfile/flags.hpp"

namespace strata::plan {

namespace {

using dockerfile::Form;
using dockerfile::Instruction;

/// The words of CMD and ENTRYPOINT: as they stand in JSON form, else the shell's. Without arguments
/// the shell gets an empty text.
std::vector<std::string> command_words(const StagePlanner& stage, const Instruction& instruction) {
  if (instruction.form == Form::json) return instruction.args;
  return stage.shell_command(join(instruction.args, " "));
}

/// `[]` takes the command away; a config has no way to tell that from "none".
std::optional<std::vector<std::string>> kept(const std::vector<std::string>& words) {
  if (words.empty()) return std::nullopt;
  return words;
}

/// 0 if not given: inherits. The rules of the language have been checked before planning.
std::int64_t duration_flag(const Instruction& instruction, std::string_view name) {
  const auto text = dockerfile::find_flag(instruction, name);
  return text ? dockerfile::parse_duration_ns(*text).value_or(0) : 0;
}

std::int64_t retries_flag(const Instruction& instruction) {
  std::string_view text;
  const auto flag = dockerfile::find_flag(instruction, "retries");
  if (flag) text = *flag;
  if (text.starts_with('+')) text.remove_prefix(1);
  return static_cast<std::int64_t>(parse_decimal(text).value_or(0));
}

std::vector<std::string> health_test(const Instruction& instruction) {
  if (instruction.form == Form::none || instruction.args.size() < 2) return {"NONE"};
  std::vector<std::string> test = instruction.args;
  test.front() = instruction.form == Form::shell ? "CMD-SHELL" : "CMD";
  return test;
}

oci::Healthcheck make_healthcheck(const Instruction& instruction) {
  oci::Healthcheck check;
  check.test = health_test(instruction);
  if (check.test.front() == "NONE") return check;
  check.interval = duration_flag(instruction, "interval");
  check.timeout = duration_flag(instruction, "timeout");
  check.start_period = duration_flag(instruction, "start-period");
  check.start_interval = duration_flag(instruction, "start-interval");
  check.retries = retries_flag(instruction);
  return check;
}

std::string one_word(const StagePlanner& stage, const Instruction& instruction) {
  return stage.expander().word(join(instruction.args, " "));
}

}  // namespace

void plan_cmd(StagePlanner& stage, const Instruction& instruction) {
  const auto words = command_words(stage, instruction);
  stage.config().cmd = kept(words);
  stage.note_own_cmd();
  stage.add_edit(words, quoted_list_history("CMD", words));
}

void plan_entrypoint(StagePlanner& stage, const Instruction& instruction) {
  const auto words = command_words(stage, instruction);
  stage.config().entrypoint = kept(words);
  // A CMD of the base was written for the base's entry point.
  if (!stage.has_own_cmd()) stage.config().cmd.reset();
  stage.add_edit(words, quoted_list_history("ENTRYPOINT", words));
}

void plan_shell(StagePlanner& stage, const Instruction& instruction) {
  const auto& words = instruction.args;
  if (words.empty()) refuse("SHELL needs a program", "write it as in SHELL [\"/bin/sh\", \"-c\"]");
  stage.config().shell = words;
  stage.add_edit(words, list_history("SHELL", words));
}

void plan_healthcheck(StagePlanner& stage, const Instruction& instruction) {
  const auto check = make_healthcheck(instruction);
  stage.config().healthcheck = check;
  std::vector<std::string> words = check.test;
  for (const std::int64_t number :
       {check.interval, check.timeout, check.start_period, check.start_interval, check.retries}) {
    words.push_back(std::to_string(number));
  }
  stage.add_edit(words, healthcheck_history(check));
}

void plan_stopsignal(StagePlanner& stage, const Instruction& instruction) {
  const std::string signal = one_word(stage, instruction);
  if (!is_signal(signal)) {
    refuse(cat("STOPSIGNAL ", quoted(signal), " is no signal"),
           "write a name as in SIGTERM or a number from 1 to 64");
  }
  stage.config().stop_signal = signal;
  stage.add_edit({signal}, cat("STOPSIGNAL ", signal));
}

void plan_user(StagePlanner& stage, const Instruction& instruction) {
  const std::string user = one_word(stage, instruction);
  stage.config().user = user;
  stage.add_edit({user}, cat("USER ", user));
}

void plan_workdir(StagePlanner& stage, const Instruction& instruction) {
  const std::string path = stage.absolute(one_word(stage, instruction));
  stage.config().working_dir = path;
  const std::string created_by = cat("WORKDIR ", path);
  if (path == "/") {
    stage.add_edit({path}, created_by);
  } else {
    stage.add_step(MakeDirectory{path, stage.config().user}, created_by);
  }
}

}  // namespace strata::plan
