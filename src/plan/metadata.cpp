/// Instructions that change what the image says of itself: ARG ENV EXPOSE LABEL MAINTAINER ONBUILD
/// VOLUME.

#include <algorithm>

#include "plan/history.hpp"
#include "plan/instructions.hpp"
#include "plan/onbuild.hpp"
#include "plan/ports.hpp"
#include "strata/base/utf8.hpp"

namespace strata::plan {

namespace {

using dockerfile::Instruction;
using Pairs = std::vector<std::pair<std::string, std::string>>;

/// Thousands of single ports are a legitimate range; more than all there are is a slip or malice.
constexpr std::size_t port_count_max = 3 * 65536;

/// All pairs see the environment as it was before the instruction.
Pairs expand_pairs(const StagePlanner& stage, const Instruction& instruction) {
  auto expander = stage.expander();
  Pairs pairs;
  for (const auto& pair : instruction.pairs) {
    std::string name = expander.word(pair.key);
    pairs.emplace_back(std::move(name), expander.word(pair.value.value_or("")));
  }
  return pairs;
}

std::vector<std::string> assignments(const Pairs& pairs) {
  std::vector<std::string> words;
  for (const auto& [name, value] : pairs) words.push_back(cat(name, "=", value));
  return words;
}

/// Adds to a sorted list what it does not hold.
void merge(std::vector<std::string>& sorted, const std::vector<std::string>& added) {
  sorted.insert(sorted.end(), added.begin(), added.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
}

}  // namespace

void plan_arg(StagePlanner& stage, const Instruction& instruction) {
  std::vector<std::string> words;
  for (const auto& pair : instruction.pairs) {
    // Unlike ENV, a default sees the arguments before it in the same instruction.
    auto expander = stage.expander();
    auto argument = resolve_argument(pair, stage.options().build_args, stage.globals(), expander);
    words.push_back(argument.value ? cat(argument.name, "=", *argument.value) : argument.name);
    stage.arguments().declare(std::move(argument));
  }
  stage.add_edit(words, words_history("ARG", words));
}

void plan_env(StagePlanner& stage, const Instruction& instruction) {
  const auto pairs = expand_pairs(stage, instruction);
  for (const auto& [name, value] : pairs) stage.set_env(name, value);
  const auto words = assignments(pairs);
  stage.add_edit(words, words_history("ENV", words));
}

void plan_expose(StagePlanner& stage, const Instruction& instruction) {
  auto expander = stage.expander();
  // BuildKit sorts what is written before it reads it; the history shows that.
  auto texts = instruction.args;
  std::sort(texts.begin(), texts.end());
  std::vector<std::string> ports;
  for (const auto& text : texts) {
    for (const auto& word : expander.words(text)) {
      const auto more = parse_ports(word);
      ports.insert(ports.end(), more.begin(), more.end());
      if (ports.size() > port_count_max) refuse("EXPOSE: more ports than there are");
    }
  }
  merge(stage.config().exposed_ports, ports);
  stage.add_edit(ports, list_history("EXPOSE", ports));
}

void plan_label(StagePlanner& stage, const Instruction& instruction) {
  const auto pairs = expand_pairs(stage, instruction);
  for (const auto& [name, value] : pairs) stage.set_label(name, value);
  const auto words = assignments(pairs);
  stage.add_edit(words, words_history("LABEL", words));
}

void plan_maintainer(StagePlanner& stage, const Instruction& instruction) {
  const std::string author = valid_utf8(join(instruction.args, " "));
  stage.set_author(author);
  stage.add_edit({author}, cat("MAINTAINER ", author));
}

void plan_onbuild(StagePlanner& stage, const Instruction& instruction) {
  const std::string text = trigger_text(instruction);
  stage.config().on_build.push_back(text);
  // What is kept for later leaves no trace in the history of this image.
  stage.add_edit({text}, {});
}

void plan_volume(StagePlanner& stage, const Instruction& instruction) {
  auto expander = stage.expander();
  std::vector<std::string> volumes;
  for (const auto& text : instruction.args) {
    volumes.push_back(expander.word(trim(text)));
    if (trim(volumes.back()).empty()) refuse(cat("VOLUME ", text, ": the path is empty"));
  }
  merge(stage.config().volumes, volumes);
  stage.add_edit(volumes, list_history("VOLUME", volumes));
}

}  // namespace strata::plan
