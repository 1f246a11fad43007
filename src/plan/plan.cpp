#include "strata/plan/plan.hpp"

#include <set>

#include "strata/base/text.hpp"

namespace strata::plan {

namespace {

struct AddOrigins {
  std::vector<const Origin*>& origins;

  void operator()(const CopyFiles& copy) const { origins.push_back(&copy.origin); }
  void operator()(const RunProcess& run) const {
    for (const auto& mount : run.mounts) std::visit(*this, mount.kind);
  }
  void operator()(const BindMount& bind) const { origins.push_back(&bind.origin); }
  void operator()(const CacheMount& cache) const {
    if (cache.origin) origins.push_back(&*cache.origin);
  }
  template <class Other>
  void operator()(const Other&) const {}
};

}  // namespace

std::vector<const Origin*> origins_of(const Operation& operation) {
  std::vector<const Origin*> origins;
  std::visit(AddOrigins{origins}, operation);
  return origins;
}

std::string Stage::label() const { return name.empty() ? cat("stage-", index_in_file) : name; }

std::vector<std::size_t> Stage::needs() const {
  std::set<std::size_t> stages;
  if (const auto* stage = std::get_if<BaseStage>(&base)) stages.insert(stage->stage);
  for (const auto& step : steps) {
    for (const Origin* origin : origins_of(step.operation)) {
      if (const auto* from = std::get_if<FromStage>(origin)) stages.insert(from->stage);
    }
  }
  return {stages.begin(), stages.end()};
}

}  // namespace strata::plan
