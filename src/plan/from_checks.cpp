#include "plan/from_checks.hpp"

#include <optional>

#include "plan/suggestion.hpp"
#include "strata/oci/reference.hpp"

namespace strata::plan {

namespace {

using dockerfile::CheckRule;
using FileStage = dockerfile::Stage;
using dockerfile::Warning;

/// A text of FROM, expanded: its value, and what was asked for.
struct ExpandedText {
  std::optional<std::string> value;  ///< nothing if it cannot be expanded
  std::set<std::string> used;
  std::set<std::string> unset;
};

ExpandedText expand_text(std::string_view text, const CheckSources& sources) {
  dockerfile::Expander expander(sources.plan.globals.environment(), sources.plan.file.escape);
  ExpandedText expanded;
  try {
    expanded.value = expander.word(text);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::dockerfile) throw;
  }
  expanded.used = expander.used_names();
  expanded.unset = expander.unset_names();
  return expanded;
}

/// An ARG without a value is declared all the same.
void add_undeclared(std::vector<Warning>& warnings, const ExpandedText& text,
                    const FileStage& stage, const CheckSources& sources) {
  const auto& declared = sources.plan.globals.names();
  std::vector<std::string> candidates;
  if (declared.size() <= candidates_max) candidates.assign(declared.begin(), declared.end());
  for (const auto& name : text.unset) {
    if (declared.contains(name)) continue;
    warnings.push_back(
        {CheckRule::undefined_arg_in_from, stage.from->lines,
         cat("FROM argument '", name, "' is not declared", suggestion(name, candidates))});
  }
}

bool is_target_platform(const ExpandedText& text, const GlobalArguments& globals) {
  constexpr std::string_view name = "TARGETPLATFORM";
  return text.unset.empty() && text.used.size() == 1 && *text.used.begin() == name &&
         text.value == globals.find(name);
}

/// A platform that no variable decides is no surprise where the stage is named after it.
bool is_surprising_constant(const ExpandedText& text, const std::string& stage_name) {
  if (!text.value || !text.used.empty() || !text.unset.empty()) return false;
  try {
    const auto platform = oci::parse_platform(*text.value);
    return stage_name.find(platform.os) == std::string::npos &&
           stage_name.find(platform.architecture) == std::string::npos;
  } catch (const Error&) {
    return false;  // the planner tells
  }
}

void add_platform(std::vector<Warning>& warnings, const ExpandedText& text, const FileStage& stage,
                  const GlobalArguments& globals) {
  if (is_target_platform(text, globals)) {
    warnings.push_back({CheckRule::redundant_target_platform, stage.from->lines,
                        cat("Setting platform to predefined ", *stage.platform,
                            " in FROM is redundant as this is the default behavior")});
  }
  if (is_surprising_constant(text, stage.name)) {
    warnings.push_back(
        {CheckRule::from_platform_flag_const_disallowed, stage.from->lines,
         cat("FROM --platform flag should not use constant value ", quoted(*text.value))});
  }
}

bool is_image_name(const std::string& name) {
  try {
    oci::parse_reference(name);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::vector<Warning> check_from(const FileStage& stage, const CheckSources& sources) {
  std::vector<Warning> warnings;
  add_undeclared(warnings, expand_text(stage.image, sources), stage, sources);
  if (!stage.platform) return warnings;
  const auto platform = expand_text(*stage.platform, sources);
  add_undeclared(warnings, platform, stage, sources);
  add_platform(warnings, platform, stage, sources.plan.globals);
  return warnings;
}

std::vector<Warning> check_default_bases(const CheckSources& sources) {
  Options options = sources.plan.options;
  options.build_args.clear();
  const auto& file = sources.plan.file;
  std::vector<Warning> warnings;
  try {
    GlobalArguments defaults(options, {});
    for (const auto* arg : sources.plan.stages.global_args) defaults.declare(*arg, file.escape);
    dockerfile::Expander expander(defaults.environment(), file.escape);
    for (const auto& stage : sources.plan.stages.stages) {
      if (is_image_name(expander.word(stage.image))) continue;
      warnings.push_back({CheckRule::invalid_default_arg_in_from, stage.from->lines,
                          cat("Default value for ARG ", stage.image,
                              " results in empty or invalid base image name")});
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::dockerfile) throw;  // else the planner tells
  }
  return warnings;
}

std::vector<Warning> check_image_platform(const std::string& name, const oci::Image& image,
                                          const oci::Platform& expected,
                                          dockerfile::SourceRange lines) {
  const auto& actual = image.config.platform;
  const bool is_empty = image.config.diff_ids.empty();  // serves any platform
  if (is_empty || (actual.os == expected.os && actual.architecture == expected.architecture)) {
    return {};
  }
  return {{CheckRule::invalid_base_image_platform, lines,
           cat("Base image ", name, " was pulled with platform ", quoted(to_string(actual)),
               ", expected ", quoted(to_string(expected)), " for current build")}};
}

std::vector<Warning> check_base_platform(const Outline& outline) {
  const auto* base = std::get_if<BaseImage>(&outline.base);
  if (base == nullptr) return {};
  return check_image_platform(outline.base_name, *base->image, outline.platform,
                              outline.source->from->lines);
}

}  // namespace strata::plan
