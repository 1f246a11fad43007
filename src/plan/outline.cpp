#include "plan/outline.hpp"

#include "plan/onbuild.hpp"
#include "strata/dockerfile/flags.hpp"
#include "strata/dockerfile/mount.hpp"
#include "strata/oci/reference.hpp"

namespace strata::plan {

namespace {

using dockerfile::Keyword;

/// The platform of FROM --platform; nothing if it is not given.
std::optional<oci::Platform> find_platform(const dockerfile::Stage& stage,
                                           dockerfile::Expander& expander) {
  if (stage.platform.value_or("").empty()) return std::nullopt;
  const std::string text = expander.word(*stage.platform);
  if (text.empty()) {
    refuse(cat("--platform=", *stage.platform, " is empty"), "write one as in linux/amd64");
  }
  return oci::parse_platform(text);
}

/// What FROM says, expanded.
struct FromWords {
  std::string name;
  std::optional<oci::Platform> platform;
};

FromWords read_from(const dockerfile::Stage& stage, const Sources& sources) {
  dockerfile::Expander expander(sources.globals.environment(), sources.file.escape);
  FromWords words{expander.word(stage.image), find_platform(stage, expander)};
  if (words.name.empty()) {
    refuse(cat("FROM ", stage.image, " names nothing: the variable is empty"),
           "give it a default in an ARG before the first FROM, or by --build-arg");
  }
  return words;
}

void resolve_base(Outline& outline, const Sources& sources) {
  const int self = outline.source->index;
  FromWords words = read_from(*outline.source, sources);
  outline.base_name = std::move(words.name);
  const auto platform = words.platform.value_or(sources.options.platform);
  sources.references.check_base(self, outline.base_name, platform);
  if (const auto base = sources.references.find_base_stage(self, outline.base_name, platform)) {
    outline.base = BaseStage{*base};
    outline.needs.insert(*base);
    return;
  }
  if (words.platform) outline.platform = *words.platform;
  if (outline.base_name == "scratch") return;
  auto image = sources.references.image(self, outline.base_name, outline.platform);
  const oci::Platform made_for = image->config.platform;
  outline.base = BaseImage{outline.base_name, std::move(image)};
  if (words.platform && !oci::serves(made_for, *words.platform)) {
    // BuildKit takes it and warns, so it is no mistake of the file.
    throw Unsupported(ErrorKind::dockerfile,
                      cat("the image ", quoted(outline.base_name), " is for ", made_for,
                          ", not for ", *words.platform));
  }
}

/// What the base left to be done. An earlier stage of the file is asked by its text.
std::vector<std::string> triggers_of_base(const Outline& outline, const Sources& sources) {
  if (const auto* image = std::get_if<BaseImage>(&outline.base)) {
    return image->image->config.run.on_build;
  }
  std::vector<std::string> texts;
  if (const auto* base = std::get_if<BaseStage>(&outline.base)) {
    for (const auto* instruction : sources.stages.stages[base->stage].instructions) {
      if (instruction->keyword == Keyword::onbuild) texts.push_back(trigger_text(*instruction));
    }
  }
  return texts;
}

void add_needs(Outline& outline, const dockerfile::Instruction& instruction,
               const References& references) {
  for (const auto& name : names_taken_from(instruction)) {
    const auto stage = references.find_copy_stage(outline.source->index, name);
    if (stage) outline.needs.insert(*stage);
  }
}

}  // namespace

std::vector<std::string> names_taken_from(const dockerfile::Instruction& instruction) {
  std::vector<std::string> names;
  if (auto from = copy_origin_name(instruction)) names.push_back(std::move(*from));
  if (instruction.keyword == Keyword::run) {
    for (const auto& mount : dockerfile::flag_values(instruction, "mount")) {
      auto from = dockerfile::find_mount_from(mount);
      if (from && !parse_decimal(*from)) names.push_back(std::move(*from));
    }
  }
  return names;
}

Outline make_outline(const dockerfile::Stage& stage, const Sources& sources) {
  Outline outline;
  outline.source = &stage;
  outline.platform = sources.options.platform;
  const auto lines = stage.from->lines;
  sources.findings.attempt(lines, [&] { resolve_base(outline, sources); });

  if (std::holds_alternative<BaseStage>(outline.base)) outline.trigger_escape = sources.file.escape;
  outline.triggers = parse_triggers(triggers_of_base(outline, sources), outline.trigger_escape,
                                    lines, outline.base_name, sources.findings);
  for (const auto& trigger : outline.triggers) add_needs(outline, trigger, sources.references);
  for (const auto* instruction : stage.instructions) {
    add_needs(outline, *instruction, sources.references);
  }
  return outline;
}

void check_outline(const dockerfile::Stage& stage, const Sources& sources) {
  const auto& references = sources.references;
  sources.findings.attempt(stage.from->lines, [&] {
    const FromWords words = read_from(stage, sources);
    const auto platform = words.platform.value_or(sources.options.platform);
    const bool is_stage = references.find_base_stage(stage.index, words.name, platform).has_value();
    if (!is_stage) oci::parse_reference(words.name);
  });
  for (const auto* instruction : stage.instructions) {
    for (const auto& name : names_taken_from(*instruction)) {
      sources.findings.attempt(instruction->lines, [&] {
        references.check_copy_stage(stage.index, name);
        if (!references.find_copy_stage(stage.index, name)) oci::parse_reference(name);
      });
    }
  }
}

}  // namespace strata::plan
