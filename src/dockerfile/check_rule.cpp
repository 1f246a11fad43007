#include "strata/dockerfile/check_rule.hpp"

#include <array>

#include "strata/base/text.hpp"

namespace strata::dockerfile {
namespace {

constexpr std::array<RuleText, check_rule_count> table = {{
    {CheckRule::stage_name_casing, RuleKind::check, "StageNameCasing",
     "Names of stages in lower case", "stage-name-casing",
     "The name is used in lower case whatever was written.", "FROM image AS name"},
    {CheckRule::from_as_casing, RuleKind::check, "FromAsCasing", "FROM and AS in one case",
     "from-as-casing", "Two cases in one line are hard to read.", "FROM image AS name"},
    {CheckRule::no_empty_continuation, RuleKind::check, "NoEmptyContinuation",
     "No blank line within an instruction", "no-empty-continuation",
     "A blank line looks like the end of the instruction and is none.",
     "remove the line, or put a # on it"},
    {CheckRule::consistent_instruction_casing, RuleKind::check, "ConsistentInstructionCasing",
     "All instructions in one case", "consistent-instruction-casing",
     "Most instructions of the file are written in the other case.",
     "write every instruction in the same case"},
    {CheckRule::duplicate_stage_name, RuleKind::check, "DuplicateStageName",
     "Every stage has a name of its own", "duplicate-stage-name",
     "The later stage takes the name, and the earlier one cannot be named any more.",
     "give one of the stages another name"},
    {CheckRule::reserved_stage_name, RuleKind::check, "ReservedStageName",
     "No stage is called scratch or context", "reserved-stage-name",
     "Both names mean something already.", "give the stage another name"},
    {CheckRule::json_args_recommended, RuleKind::check, "JSONArgsRecommended",
     "CMD and ENTRYPOINT in JSON form", "json-args-recommended",
     "The shell in between becomes process 1 and passes no signals on, so that stopping the "
     "container takes until it is killed.",
     "CMD [\"program\", \"argument\"], or say by SHELL that the shell is meant"},
    {CheckRule::maintainer_deprecated, RuleKind::check, "MaintainerDeprecated",
     "A label in place of MAINTAINER", "maintainer-deprecated",
     "The instruction is deprecated, and tools look for the label.",
     "LABEL org.opencontainers.image.authors=\"…\""},
    {CheckRule::undefined_arg_in_from, RuleKind::check, "UndefinedArgInFrom",
     "Variables in FROM are declared", "undefined-arg-in-from",
     "FROM sees only the ARGs before the first FROM; any other variable is empty.",
     "declare it by ARG before the first FROM"},
    {CheckRule::workdir_relative_path, RuleKind::check, "WorkdirRelativePath",
     "The first WORKDIR is absolute", "workdir-relative-path",
     "Where it leads depends on the base image, and changes with it.",
     "begin with an absolute WORKDIR"},
    {CheckRule::undefined_var, RuleKind::check, "UndefinedVar", "Variables are defined before use",
     "undefined-var", "An undefined variable is replaced by nothing.",
     "define it by ARG or ENV above, or escape the $"},
    {CheckRule::multiple_instructions_disallowed, RuleKind::check, "MultipleInstructionsDisallowed",
     "CMD, ENTRYPOINT and HEALTHCHECK once in a stage", "multiple-instructions-disallowed",
     "Only the last one counts; this one does nothing.", "remove the earlier one"},
    {CheckRule::legacy_key_value_format, RuleKind::check, "LegacyKeyValueFormat",
     "ENV and LABEL with an equals sign", "legacy-key-value-format",
     "Without the sign the whole rest of the line is one value, quotes and further names included.",
     "key=value"},
    {CheckRule::invalid_base_image_platform, RuleKind::check, "InvalidBaseImagePlatform",
     "The base image is for the platform that is built for", "",
     "Programs of another platform do not run, and what is built on them is mislabelled.",
     "take an image for this platform, or build with --platform"},
    {CheckRule::redundant_target_platform, RuleKind::check, "RedundantTargetPlatform",
     "No --platform that says what is so anyway", "redundant-target-platform",
     "A stage is built for the target platform without being told.", "FROM image"},
    {CheckRule::secrets_used_in_arg_or_env, RuleKind::check, "SecretsUsedInArgOrEnv",
     "No secrets in ARG and ENV", "secrets-used-in-arg-or-env",
     "Values of ARG and ENV stay in the image's configuration and history for all to read.",
     "RUN --mount=type=secret,id=… reads it without leaving a trace"},
    {CheckRule::invalid_default_arg_in_from, RuleKind::check, "InvalidDefaultArgInFrom",
     "FROM names an image without any --build-arg", "invalid-default-arg-in-from",
     "Without the right --build-arg the file cannot be built.",
     "give the ARG a default, as in ARG VERSION=1.0"},
    {CheckRule::from_platform_flag_const_disallowed, RuleKind::check,
     "FromPlatformFlagConstDisallowed", "No fixed platform in FROM",
     "from-platform-flag-const-disallowed",
     "The file then gives an image for that platform alone, whatever is asked for.",
     "leave --platform out, or use $BUILDPLATFORM, or name the stage after the platform"},
    {CheckRule::copy_ignored_file, RuleKind::check, "CopyIgnoredFile",
     "COPY and ADD name files that are in the context", "copy-ignored-file",
     "The ignore file keeps it out of the context, so it will not be found.",
     "remove the line from the ignore file, or copy something else"},
    {CheckRule::invalid_definition_description, RuleKind::experimental,
     "InvalidDefinitionDescription", "A comment above FROM or ARG describes it",
     "invalid-definition-description",
     "Comments right above a stage or an argument are shown as its description if they begin with "
     "its name.",
     "begin the comment with the name, or put an empty line below it"},
    {CheckRule::expose_proto_casing, RuleKind::check, "ExposeProtoCasing",
     "Protocols in lower case", "expose-proto-casing",
     "The image's configuration has it in lower case whatever was written.", "EXPOSE 80/tcp"},
    {CheckRule::expose_invalid_format, RuleKind::check, "ExposeInvalidFormat",
     "EXPOSE names ports of the container alone", "expose-invalid-format",
     "Addresses and ports of the host are decided when a container is run; here they are dropped.",
     "EXPOSE 80"},

    {CheckRule::heredoc_without_errexit, RuleKind::hint, "HeredocWithoutErrexit",
     "A heredoc of several commands stops at the first failure", "",
     "The step's status is that of the last command: a failure before it goes unnoticed.",
     "set -e as the first line"},
    {CheckRule::ownership_doubles_layer, RuleKind::hint, "OwnershipDoublesLayer",
     "Owner and mode are set where files are copied", "",
     "A changed owner or mode puts the whole file into the new layer once more.",
     "COPY --chown=… --chmod=…"},
    {CheckRule::unpinned_base_image, RuleKind::hint, "UnpinnedBaseImage",
     "Base images have a version or a digest", "",
     "The name means another image tomorrow: the build is not the same any more.",
     "name:version, or name@sha256:…"},
    {CheckRule::update_without_install, RuleKind::hint, "UpdateWithoutInstall",
     "apt-get update and install in one RUN", "",
     "The lists stay as they were when the step ran first; a later install takes old versions or "
     "fails.",
     "RUN apt-get update && apt-get install -y …"},
    {CheckRule::add_where_copy_does, RuleKind::hint, "AddWhereCopyDoes",
     "ADD only for archives and remote files", "",
     "ADD unpacks whatever turns out to be an archive; COPY does what it says.", "COPY"},
}};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].rule != static_cast<CheckRule>(i)) return false;
  }
  return true;
}
static_assert(is_in_order(), "rule_text() indexes the table by rule");

}  // namespace

std::span<const RuleText> check_rules() { return table; }

const RuleText& rule_text(CheckRule rule) { return table.at(static_cast<std::size_t>(rule)); }

std::optional<CheckRule> find_rule(std::string_view name) {
  for (const RuleText& text : table) {
    if (text.name == name) return text.rule;
  }
  return std::nullopt;
}

std::string rule_url(CheckRule rule) {
  const std::string_view page = rule_text(rule).page;
  if (page.empty()) return {};
  return cat("https://docs.docker.com/go/dockerfile/rule/", page, "/");
}

}  // namespace strata::dockerfile
