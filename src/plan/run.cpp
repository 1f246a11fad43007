/// RUN (reference dockerfile.md §1.2 "Heredocs", §1.5).

#include <algorithm>

#include "plan/heredoc_name.hpp"
#include "plan/history.hpp"
#include "plan/instructions.hpp"
#include "plan/mounts.hpp"
#include "strata/dockerfile/flags.hpp"
#include "strata/dockerfile/heredoc.hpp"

namespace strata::plan {

namespace {

using dockerfile::Form;
using dockerfile::Instruction;
using Network = RunProcess::Network;

constexpr std::string_view script_directory = "/dev/pipes/";

/// The rules of the language have let only default, none and host pass.
Network network_of(const Instruction& instruction, const Options& options) {
  const auto text = dockerfile::find_flag(instruction, "network");
  if (text == "none") return Network::none;
  if (text == "host") return Network::host;
  return options.network;
}

RunProcess::Security security_of(const Instruction& instruction) {
  const auto text = dockerfile::find_flag(instruction, "security");
  return text == "insecure" ? RunProcess::Security::insecure : RunProcess::Security::sandbox;
}

/// True if the heredoc is all that the instruction says.
bool is_lone_heredoc(const Instruction& instruction, char escape) {
  if (instruction.heredocs.size() != 1) return false;
  const auto words = dockerfile::split_words(instruction.args.front(), escape);
  return words.size() == 1 && dockerfile::find_heredoc_word(words.front());
}

/// The text with the heredocs' bodies behind it, as a shell reads them.
std::string text_with_bodies(const Instruction& instruction) {
  std::string text(trim(instruction.args.front()));
  for (const auto& heredoc : instruction.heredocs) {
    text += cat("\n", heredoc.content, heredoc.name);
  }
  return text;
}

/// Sets what is run: argv, and the script that it names.
void set_command(RunProcess& run, const StagePlanner& stage, const Instruction& instruction) {
  if (instruction.form == Form::json) {
    run.argv = instruction.args;
    return;
  }
  if (!is_lone_heredoc(instruction, stage.escape())) {
    run.argv = stage.shell_command(text_with_bodies(instruction));
    return;
  }
  const auto& heredoc = instruction.heredocs.front();
  const std::string script = dockerfile::document_text(heredoc);
  if (script.substr(0, 2) != "#!") {
    run.argv = stage.shell_command(script);
    return;
  }
  check_heredoc_name(heredoc.name);
  run.script = InlineFile{heredoc.name, script};
  run.argv = {cat(script_directory, heredoc.name)};
}

std::vector<std::string> process_environment(StagePlanner& stage) {
  std::vector<std::string> all = stage.config().env;
  for (const auto& argument : stage.arguments().list()) {
    const bool hidden = stage.find_env(argument.name).has_value();
    if (argument.value && !hidden && !is_never_set(argument.name))
      all.push_back(cat(argument.name, "=", *argument.value));
  }
  return all;
}

/// A variable of the base may hold anything that JSON can.
void refuse_zero_bytes(const std::vector<std::string>& env) {
  for (const auto& variable : env) {
    if (variable.find('\0') == std::string::npos) continue;
    refuse(cat("the variable ", quoted(variable.substr(0, variable.find('='))),
               " contains a zero byte, which no process can be given"));
  }
}

void check_can_run(const StagePlanner& stage) {
  const auto& host = stage.options().build_platform;
  const auto serves = [&](const oci::Platform& one) { return oci::serves(stage.platform(), one); };
  if (serves(host)) return;
  const auto emulated = stage.options().emulated();
  if (std::any_of(emulated.begin(), emulated.end(), serves)) return;
  refuse_here(cat("RUN in a stage for ", stage.platform(), " on ", host,
                  " needs an emulator, and none is registered for it"),
              "install qemu-user-static and binfmt-support, or cross-compile in a stage FROM "
              "--platform=$BUILDPLATFORM");
}

}  // namespace

void plan_run(StagePlanner& stage, const Instruction& instruction) {
  check_can_run(stage);
  if (instruction.args.empty() || trim(instruction.args.front()).empty()) {
    refuse("RUN needs a command");
  }
  const auto env = [&](std::string_view name) { return stage.find_env(name); };
  RunProcess run;
  set_command(run, stage, instruction);
  run.env = process_environment(stage);
  refuse_zero_bytes(run.env);
  stage.note_size(bytes_of(run.env));
  run.hidden_env = proxy_environment(stage.options().build_args, env, stage.arguments());
  run.user = stage.config().user;
  run.working_dir = stage.absolute("");
  run.network = network_of(instruction, stage.options());
  run.security = security_of(instruction);
  plan_mounts(run, stage, instruction);
  check_grants(run, stage);
  std::string created_by = run_history(run.argv, stage.arguments(), env);
  stage.add_step(std::move(run), std::move(created_by));
}

}  // namespace strata::plan
