#include "strata/plan/plan.hpp"

#include <set>

#include "strata/base/text.hpp"

namespace strata::plan {

std::string Stage::label() const { return name.empty() ? cat("stage-", index_in_file) : name; }

std::vector<std::size_t> Stage::needs() const {
  std::set<std::size_t> stages;
  if (const auto* stage = std::get_if<BaseStage>(&base)) stages.insert(stage->stage);
  for (const auto& step : steps) {
    const auto* copy = std::get_if<CopyFiles>(&step.operation);
    if (copy == nullptr) continue;
    if (const auto* from = std::get_if<FromStage>(&copy->origin)) stages.insert(from->stage);
  }
  return {stages.begin(), stages.end()};
}

}  // namespace strata::plan
