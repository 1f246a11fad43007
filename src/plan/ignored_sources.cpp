#include "plan/ignored_sources.hpp"

#include <algorithm>
#include <array>

#include "plan/remote.hpp"
#include "strata/base/path.hpp"
#include "strata/dockerfile/flags.hpp"
#include "strata/dockerfile/heredoc.hpp"

namespace strata::plan {

namespace {

using dockerfile::CheckRule;
using dockerfile::IgnoreRule;
using dockerfile::IgnoreRules;
using dockerfile::Instruction;
using dockerfile::Keyword;
using dockerfile::Warning;

bool has_exceptions(const IgnoreRules& rules) {
  return std::any_of(rules.rules().begin(), rules.rules().end(),
                     [](const IgnoreRule& rule) { return rule.negated; });
}

/// The context itself is there as long as anything in it is.
bool excludes_root(const IgnoreRules& rules) {
  constexpr std::array<std::string_view, 3> everything = {"*", "**", "**/*"};
  return std::any_of(rules.rules().begin(), rules.rules().end(), [&](const IgnoreRule& rule) {
    return std::find(everything.begin(), everything.end(), rule.pattern) != everything.end();
  });
}

bool is_ignored(const std::string& path, const IgnoreRules& rules) {
  return path == "." || path == "/" ? excludes_root(rules) : rules.excludes(path);
}

}  // namespace

std::vector<Warning> ignored_sources(const Instruction& instruction, const CheckedStage& stage) {
  const IgnoreRules* rules = stage.sources->ignore;
  const bool judged = rules != nullptr && !dockerfile::has_flag(instruction, "from");
  if (!judged || instruction.args.empty() || has_exceptions(*rules)) return {};
  const std::string_view verb = instruction.keyword == Keyword::add ? "Add" : "Copy";
  std::vector<Warning> warnings;
  for (std::size_t i = 0; i + 1 < instruction.args.size(); ++i) {
    if (dockerfile::find_heredoc_word(instruction.args[i])) continue;
    const auto source = stage.expanded(instruction.args[i]);
    if (!source || looks_remote(*source)) continue;
    const std::string path = clean_path(*source);
    if (!is_ignored(path, *rules)) continue;
    warnings.push_back({CheckRule::copy_ignored_file, instruction.lines,
                        cat("Attempting to ", verb, " file ", quoted(path),
                            " that is excluded by .dockerignore")});
  }
  return warnings;
}

}  // namespace strata::plan
