#pragma once
/// A stage before its steps are planned: what it stands on, which triggers that brings, and which
/// earlier stages it takes from. Indexes here are those of the file.

#include <set>
#include <string>
#include <vector>

#include "plan/arguments.hpp"
#include "plan/findings.hpp"
#include "plan/plan_size.hpp"
#include "plan/references.hpp"
#include "strata/dockerfile/stages.hpp"
#include "strata/plan/make_plan.hpp"

namespace strata::plan {

struct Outline {
  const dockerfile::Stage* source = nullptr;
  /// BaseStage counts as in the file.
  Base base = Scratch{};
  oci::Platform platform;  ///< of scratch and images; a stage on a stage has that one's
  std::string base_name;   ///< for messages
  std::vector<dockerfile::Instruction> triggers;
  /// How the triggers were written: an image's are kept with `\` as the escape character.
  char trigger_escape = '\\';
  std::set<std::size_t> needs;  ///< the earlier stages it takes from, its base included
};

/// What all stages of one plan are made from; all borrowed.
struct Sources {
  const dockerfile::File& file;
  const dockerfile::Stages& stages;
  const Options& options;
  const GlobalArguments& globals;
  References& references;
  Findings& findings;
  PlanSize& size;
};

/// The names that COPY --from and RUN --mount=from take files from, as written. For a mount a
/// number is no stage's, and is left out.
std::vector<std::string> names_taken_from(const dockerfile::Instruction& instruction);

/// A base that cannot be found becomes a finding, and scratch stands in for it, so that the
/// mistakes behind it are found too.
Outline make_outline(const dockerfile::Stage& stage, const Sources& sources);

/// Finds what is wrong with a stage that is not needed: what can be said of its FROM and its COPY
/// --from without asking for an image.
void check_outline(const dockerfile::Stage& stage, const Sources& sources);

}  // namespace strata::plan
