#pragma once
/// ONBUILD: instructions that an image keeps for the stages that stand on it.

#include <string>
#include <vector>

#include "plan/findings.hpp"
#include "strata/dockerfile/file.hpp"

namespace strata::plan {

/// The text that an image keeps: the instruction behind ONBUILD with the bodies of its heredocs.
std::string trigger_text(const dockerfile::Instruction& onbuild);

/// The triggers of a base as instructions, with `lines` as their place. `base` names it in errors.
/// A trigger that is malformed, or that no image may have, becomes a finding.
std::vector<dockerfile::Instruction> parse_triggers(const std::vector<std::string>& texts,
                                                    char escape, dockerfile::SourceRange lines,
                                                    const std::string& base, Findings& findings);

/// "ONBUILD trigger "…" of IMAGE: ", to be put before messages about a trigger.
std::string trigger_prefix(const std::string& text, const std::string& base);

}  // namespace strata::plan
