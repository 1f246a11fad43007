#pragma once
/// The rules that a Dockerfile is checked by: what works, and yet is better written otherwise.
///
/// The names are those of BuildKit's build checks, so that a `# check=skip=…` means the same to
/// both; hints are Strata's own.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace strata::dockerfile {

enum class CheckRule {
  stage_name_casing,
  from_as_casing,
  no_empty_continuation,
  consistent_instruction_casing,
  duplicate_stage_name,
  reserved_stage_name,
  json_args_recommended,
  maintainer_deprecated,
  undefined_arg_in_from,
  workdir_relative_path,
  undefined_var,
  multiple_instructions_disallowed,
  legacy_key_value_format,
  invalid_base_image_platform,
  redundant_target_platform,
  secrets_used_in_arg_or_env,
  invalid_default_arg_in_from,
  from_platform_flag_const_disallowed,
  copy_ignored_file,
  invalid_definition_description,
  expose_proto_casing,
  expose_invalid_format,

  heredoc_without_errexit,
  ownership_doubles_layer,
  unpinned_base_image,
  update_without_install,
  add_where_copy_does,
};

inline constexpr std::size_t check_rule_count =
    static_cast<std::size_t>(CheckRule::add_where_copy_does) + 1;

enum class RuleKind {
  check,         ///< reported unless skipped
  experimental,  ///< a check reported only if `experimental=` asks for it; `skip=` is not heeded
  hint,          ///< advice that no build fails for; reported apart, on request
};

struct RuleText {
  CheckRule rule;
  RuleKind kind;
  std::string_view name;     ///< "StageNameCasing"
  std::string_view summary;  ///< the rule in a few words
  std::string_view page;     ///< the last part of `rule_url`; empty without one
  std::string_view why;      ///< what goes wrong otherwise, a sentence
  std::string_view remedy;   ///< what to write instead
};

/// In the order of the enumeration.
std::span<const RuleText> check_rules();
const RuleText& rule_text(CheckRule rule);
/// By its name, exactly as written.
std::optional<CheckRule> find_rule(std::string_view name);

/// Where BuildKit's documentation explains the rule; empty if it does not.
std::string rule_url(CheckRule rule);

}  // namespace strata::dockerfile
