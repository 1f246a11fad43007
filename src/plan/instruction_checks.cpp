// A table: each instruction has the checks that are made of it. A check knows the stage as it is
// before the instruction, and finds nothing in what cannot be expanded: that is the planner's to
// tell.
#include "plan/instruction_checks.hpp"

#include <algorithm>
#include <array>

#include "plan/from_checks.hpp"
#include "plan/history.hpp"
#include "plan/ignored_sources.hpp"
#include "plan/ports.hpp"
#include "plan/undefined_variables.hpp"
#include "strata/dockerfile/flags.hpp"

namespace strata::plan {

namespace {

using dockerfile::CheckRule;
using dockerfile::Instruction;
using dockerfile::Keyword;
using dockerfile::Warning;
using Warnings = std::vector<Warning>;

Warnings json_args_recommended(const Instruction& instruction, const CheckedStage& stage) {
  // Who chose a shell by SHELL means it.
  if (instruction.form == dockerfile::Form::json || !stage.shell.empty()) return {};
  return {{CheckRule::json_args_recommended, instruction.lines,
           cat("JSON arguments recommended for ", instruction.keyword_text,
               " to prevent unintended behavior related to OS signals")}};
}

/// The finding is on the earlier one, since it is the one that does nothing.
Warnings used_once(const Instruction& instruction, const CheckedStage& stage) {
  const auto earlier = stage.last.find(*instruction.keyword);
  if (earlier == stage.last.end()) return {};
  return {{CheckRule::multiple_instructions_disallowed, earlier->second,
           cat("Multiple ", instruction.keyword_text,
               " instructions should not be used in the same stage because only the last one will "
               "be used")}};
}

Warnings relative_workdir(const Instruction& instruction, const CheckedStage& stage) {
  const auto path = stage.expanded(join(instruction.args, " "));
  if (stage.has_workdir || !path || path->starts_with('/')) return {};
  return {{CheckRule::workdir_relative_path, instruction.lines,
           cat("Relative workdir ", go_quoted(*path),
               " can have unexpected results if the base image changes")}};
}

Warnings legacy_format(const Instruction& instruction, const CheckedStage&) {
  Warnings warnings;
  const auto& word = instruction.keyword_text;
  for (const auto& pair : instruction.pairs) {
    if (!pair.legacy) continue;
    warnings.push_back({CheckRule::legacy_key_value_format, instruction.lines,
                        cat('"', word, " key=value\" should be used instead of legacy \"", word,
                            " key value\" format")});
  }
  return warnings;
}

/// Words of the name, parted by underscores, tell what it is for.
bool sounds_secret(std::string_view name) {
  constexpr std::array<std::string_view, 10> secret = {
      "apikey",   "auth",  "credential", "credentials", "key",
      "password", "pword", "passwd",     "secret",      "token"};
  constexpr std::array<std::string_view, 3> harmless = {"public", "file", "version"};
  const auto words = split(to_lower(name), '_');
  const auto any_of = [&](const auto& list) {
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
      return std::find(list.begin(), list.end(), word) != list.end();
    });
  };
  return any_of(secret) && !any_of(harmless);
}

Warnings secret_name(const Instruction& instruction, const std::string& name) {
  if (!sounds_secret(name)) return {};
  return {{CheckRule::secrets_used_in_arg_or_env, instruction.lines,
           cat("Do not use ARG or ENV instructions for sensitive data (",
               dockerfile::keyword_name(*instruction.keyword), ' ', go_quoted(name), ')')}};
}

void append(Warnings& to, Warnings added) {
  std::move(added.begin(), added.end(), std::back_inserter(to));
}

Warnings secrets_in_arg(const Instruction& instruction, const CheckedStage&) {
  Warnings warnings;
  for (const auto& pair : instruction.pairs) append(warnings, secret_name(instruction, pair.key));
  return warnings;
}

Warnings secrets_in_env(const Instruction& instruction, const CheckedStage& stage) {
  Warnings warnings;
  for (const auto& pair : instruction.pairs) {
    if (const auto name = stage.expanded(pair.key)) {
      append(warnings, secret_name(instruction, *name));
    }
  }
  return warnings;
}

Warnings port_word(const Instruction& instruction, const std::string& word) {
  const PortWord parts = split_port(word);
  const std::string protocol = to_lower(parts.protocol);
  if (parts.port.empty() || !(protocol.empty() || is_protocol(protocol))) return {};
  Warnings warnings;
  if (protocol != parts.protocol) {
    warnings.push_back(
        {CheckRule::expose_proto_casing, instruction.lines,
         cat("Defined protocol '", word, "' in EXPOSE instruction should be lowercase")});
  }
  if (!parts.host.empty()) {
    warnings.push_back({CheckRule::expose_invalid_format, instruction.lines,
                        cat("EXPOSE instruction should not define an IP address or host-port "
                            "mapping, found '",
                            word, "'")});
  }
  return warnings;
}

Warnings port_words(const Instruction& instruction, const CheckedStage& stage) {
  Warnings warnings;
  auto expander = stage.expander();
  auto texts = instruction.args;
  std::sort(texts.begin(), texts.end());
  try {
    for (const auto& text : texts) {
      for (const auto& word : expander.words(text)) append(warnings, port_word(instruction, word));
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::dockerfile) throw;
  }
  return warnings;
}

Warnings image_platform(const std::string& name, const Instruction& instruction,
                        const CheckedStage& stage) {
  const auto& plan = stage.sources->plan;
  if (name == "scratch" || plan.options.contexts.find(name, plan.options.platform) ||
      plan.references.find_copy_stage(stage.index, name)) {
    return {};
  }
  try {
    plan.references.check_copy_stage(stage.index, name);
    const auto image = plan.references.image(stage.index, name, plan.options.platform);
    return check_image_platform(name, *image, plan.options.platform, instruction.lines);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::dockerfile && error.kind() != ErrorKind::usage) throw;
    return {};
  }
}

/// COPY --from and mounts may name an image as FROM does.
Warnings images_taken_from(const Instruction& instruction, const CheckedStage& stage) {
  Warnings warnings;
  for (const auto& name : names_taken_from(instruction)) {
    append(warnings, image_platform(name, instruction, stage));
  }
  return warnings;
}

struct Row {
  Keyword keyword;
  Warnings (*check)(const Instruction& instruction, const CheckedStage& stage);
};

constexpr std::array table = {
    Row{Keyword::add, ignored_sources},
    Row{Keyword::arg, secrets_in_arg},
    Row{Keyword::cmd, used_once},
    Row{Keyword::cmd, json_args_recommended},
    Row{Keyword::copy, ignored_sources},
    Row{Keyword::copy, images_taken_from},
    Row{Keyword::entrypoint, used_once},
    Row{Keyword::entrypoint, json_args_recommended},
    Row{Keyword::env, legacy_format},
    Row{Keyword::env, secrets_in_env},
    Row{Keyword::expose, port_words},
    Row{Keyword::healthcheck, used_once},
    Row{Keyword::label, legacy_format},
    Row{Keyword::run, images_taken_from},
    Row{Keyword::workdir, relative_workdir},
};

}  // namespace

Warnings check_in_stage(const Instruction& instruction, const CheckedStage& stage) {
  Warnings warnings = undefined_variables(instruction, stage);
  for (const Row& row : table) {
    if (row.keyword == instruction.keyword) append(warnings, row.check(instruction, stage));
  }
  return warnings;
}

}  // namespace strata::plan
