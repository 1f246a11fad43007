#include "check.hpp"

#include "strata/exec/check_sources.hpp"

namespace strata::build {

namespace {

using Mistakes = std::vector<PlanError::Mistake>;

/// The origin of a step, if it is there before the build and gives it anything.
bool is_known(const plan::CopyFiles& copy) {
  return !copy.sources.empty() && !std::holds_alternative<plan::FromStage>(copy.origin);
}

void check_step(const plan::Step& step, Origins& origins, Mistakes& mistakes) {
  const auto* copy = std::get_if<plan::CopyFiles>(&step.operation);
  if (!copy || !is_known(*copy)) return;
  for (Error& error : exec::check_sources(*copy, *origins.find(copy->origin)))
    mistakes.push_back({step.lines, std::move(error)});
}

}  // namespace

void check_sources(const plan::Plan& plan, Origins& origins) {
  Mistakes mistakes;
  for (const plan::Stage& stage : plan.stages) {
    for (const plan::Step& step : stage.steps) {
      try {
        check_step(step, origins, mistakes);
      } catch (const Error& error) {
        // An origin that cannot be opened is asked for once only: it may be large.
        mistakes.push_back({step.lines, error});
        throw PlanError(std::move(mistakes));
      }
    }
  }
  if (!mistakes.empty()) throw PlanError(std::move(mistakes));
}

}  // namespace strata::build
