#include "plan/undefined_variables.hpp"

#include <algorithm>
#include <array>

#include "plan/expanded_pieces.hpp"
#include "plan/suggestion.hpp"

namespace strata::plan {

namespace {

using dockerfile::CheckRule;
using dockerfile::Instruction;
using dockerfile::Warning;

std::vector<std::string> candidates_in(const Variables& variables) {
  return variables.count() > candidates_max ? std::vector<std::string>() : variables.names();
}

bool is_declared(const std::string& name, const CheckedStage& stage) {
  return stage.arguments.find(name) || is_never_set(name);
}

/// Adds what one piece asks for in vain. False if it cannot be expanded, which ends the
/// instruction.
bool add_undefined(std::vector<Warning>& warnings, const ExpandedPiece& piece,
                   const Instruction& instruction, const CheckedStage& stage) {
  auto expander = stage.expander();
  bool expanded = true;
  try {
    expand(piece, expander);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::dockerfile) throw;
    expanded = false;
  }
  if (!stage.env.complete() || !stage.arguments.complete()) return expanded;
  for (const auto& name : expander.unset_names()) {
    if (is_declared(name, stage)) continue;
    warnings.push_back({CheckRule::undefined_var, instruction.lines,
                        cat("Usage of undefined variable '$", name, "'",
                            suggestion(name, candidates_in(stage.env), "$"))});
  }
  return expanded;
}

/// A default is expanded only if it counts.
std::vector<Warning> undefined_in_arg(const Instruction& arg, const CheckedStage& stage) {
  std::vector<Warning> warnings;
  const auto& given = stage.sources->plan.options.build_args;
  for (const auto& pair : arg.pairs) {
    if (pair.value && !given.contains(pair.key))
      add_undefined(warnings, {{}, *pair.value}, arg, stage);
  }
  return warnings;
}

}  // namespace

std::vector<Warning> undefined_variables(const Instruction& instruction,
                                         const CheckedStage& stage) {
  if (instruction.keyword == dockerfile::Keyword::arg) return undefined_in_arg(instruction, stage);
  auto expander = stage.expander();
  const auto values = [&](std::string_view value) { return expander.word(value); };
  std::vector<Warning> warnings;
  for (const auto& piece : expanded_pieces(instruction, values)) {
    if (!add_undefined(warnings, piece, instruction, stage)) break;
  }
  return warnings;
}

}  // namespace strata::plan
