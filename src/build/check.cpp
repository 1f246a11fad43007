#include "check.hpp"

#include "strata/exec/check_sources.hpp"
#include "strata/store/promise.hpp"

namespace strata::build {

namespace {

using Mistakes = std::vector<PlanError::Mistake>;

/// The mistakes of one step, by its kind.
struct CheckOperation {
  Origins& origins;

  std::vector<Error> operator()(const plan::CopyFiles& copy) const {
    const bool all_elsewhere = copy.sources.size() == copy.elsewhere.size();
    if (all_elsewhere || std::holds_alternative<plan::FromStage>(copy.origin)) return {};
    return exec::check_sources(copy, *origins.find(copy.origin));
  }
  std::vector<Error> operator()(const plan::RunProcess& run) const {
    return exec::check_sources(run,
                               [this](const plan::Origin& origin) { return origins.find(origin); });
  }
  template <class Other>
  std::vector<Error> operator()(const Other&) const {
    return {};
  }
};

void check_step(const plan::Step& step, Origins& origins, Mistakes& mistakes) {
  for (Error& error : std::visit(CheckOperation{origins}, step.operation))
    mistakes.push_back({step.lines, std::move(error)});
}

}  // namespace

void check_sources(const plan::Plan& plan, Origins& origins) {
  Mistakes mistakes;
  for (const plan::Stage& stage : plan.stages) {
    for (const plan::Step& step : stage.steps) {
      try {
        check_step(step, origins, mistakes);
      } catch (const store::PromiseBroken&) {
        throw;
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
