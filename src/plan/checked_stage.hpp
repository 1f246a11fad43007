#pragma once
/// A stage as the checks see it: what is known at one of its instructions.
///
/// It is followed apart from the planning of steps, since a check must see what is written where an
/// engine sees what is to be done: a name that is not defined rather than the nothing it becomes.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "plan/outline.hpp"
#include "plan/variables.hpp"
#include "strata/dockerfile/ignore.hpp"
#include "strata/dockerfile/words.hpp"

namespace strata::plan {

/// What all checks of one file are made from; all borrowed.
struct CheckSources {
  const Sources& plan;
  const dockerfile::IgnoreRules* ignore;  ///< null if nothing is ignored
};

struct CheckedStage {
  const CheckSources* sources = nullptr;
  int index = 0;  ///< in the file
  char escape = '\\';
  Variables env;                   ///< of every ENV, and of every ARG that has a value
  Variables image_env;             ///< as the image's configuration would have it: without ARGs
  Variables arguments;             ///< names that ARG declares, with a value or without
  std::vector<std::string> shell;  ///< of SHELL; empty if nothing said it
  bool has_workdir = false;        ///< WORKDIR was said, in this file
  std::string working_dir = "/";
  /// Where this stage last said an instruction.
  std::map<dockerfile::Keyword, dockerfile::SourceRange> last;
  /// Destinations of this stage's COPY and ADD, as root paths.
  std::set<std::string, std::less<>> copied;

  /// Sees `env`, which it borrows.
  dockerfile::Expander expander() const;
  /// One word; nothing if it cannot be expanded, which the planner tells.
  std::optional<std::string> expanded(std::string_view text) const;
  /// Takes an instruction's effect, once it has been checked.
  void play(const dockerfile::Instruction& instruction);
};

/// The stage before its first instruction. `base` is the checked stage that it stands on; null for
/// images and scratch.
CheckedStage begin_stage(const Outline& outline, const CheckedStage* base,
                         const CheckSources& sources);

}  // namespace strata::plan
