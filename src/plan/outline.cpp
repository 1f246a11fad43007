#include "plan/outline.hpp"

#include "plan/onbuild.hpp"
#include "strata/dockerfile/flags.hpp"

namespace strata::plan {

namespace {

using dockerfile::Keyword;

/// The platform of FROM --platform, or the one that is built for.
oci::Platform resolve_platform(const dockerfile::Stage& stage, const Options& options,
                               dockerfile::Expander& expander) {
  if (!stage.platform) return options.platform;
  const std::string text = expander.word(*stage.platform);
  if (text.empty()) {
    refuse(cat("--platform=", *stage.platform, " is empty"), "write one as in linux/amd64");
  }
  const auto platform = oci::parse_platform(text);
  if (!oci::serves(platform, options.platform) && !oci::serves(platform, options.build_platform)) {
    refuse_unsupported(cat("--platform=", text, " while building on ", options.build_platform,
                           " for ", options.platform));
  }
  return platform;
}

void resolve_base(Outline& outline, const Sources& sources) {
  const auto& stage = *outline.source;
  dockerfile::Expander expander(sources.globals.environment(), sources.file.escape);
  outline.base_name = expander.word(stage.image);
  if (outline.base_name.empty()) {
    refuse(cat("FROM ", stage.image, " names nothing: the variable is empty"),
           "give it a default in an ARG before the first FROM, or by --build-arg");
  }
  if (const auto base = sources.references.find_base_stage(stage.index, outline.base_name)) {
    outline.base = BaseStage{*base};
    outline.needs.insert(*base);
    return;
  }
  outline.platform = resolve_platform(stage, sources.options, expander);
  if (outline.base_name == "scratch") return;
  outline.base =
      BaseImage{outline.base_name,
                sources.references.image(stage.index, outline.base_name, outline.platform)};
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

void add_need(Outline& outline, const dockerfile::Instruction& instruction,
              const References& references) {
  if (instruction.keyword != Keyword::copy) return;
  const auto from = dockerfile::find_flag(instruction, "from");
  if (!from) return;
  const auto stage = references.find_copy_stage(outline.source->index, *from);
  if (stage) outline.needs.insert(*stage);
}

}  // namespace

Outline make_outline(const dockerfile::Stage& stage, const Sources& sources) {
  Outline outline;
  outline.source = &stage;
  outline.platform = sources.options.platform;
  const auto lines = stage.from->lines;
  sources.findings.attempt(lines, [&] { resolve_base(outline, sources); });

  if (std::holds_alternative<BaseStage>(outline.base)) outline.trigger_escape = sources.file.escape;
  outline.triggers = parse_triggers(triggers_of_base(outline, sources), outline.trigger_escape,
                                    lines, outline.base_name, sources.findings);
  for (const auto& trigger : outline.triggers) add_need(outline, trigger, sources.references);
  for (const auto* instruction : stage.instructions) {
    add_need(outline, *instruction, sources.references);
  }
  return outline;
}

}  // namespace strata::plan
