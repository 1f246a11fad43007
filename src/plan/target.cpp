#include "plan/target.hpp"

#include <algorithm>

namespace strata::plan {

namespace {

std::vector<std::string> stage_names(const dockerfile::Stages& stages) {
  std::vector<std::string> names;
  for (const auto& stage : stages.stages) {
    if (!stage.name.empty()) names.push_back(stage.name);
  }
  return names;
}

}  // namespace

const dockerfile::Stage& find_target(const dockerfile::Stages& stages, const std::string& target) {
  if (target.empty()) return stages.stages.back();
  if (const auto* stage = stages.find(target)) return *stage;
  const auto names = stage_names(stages);
  const std::string hint = dockerfile::did_you_mean(target, names);
  std::string known = names.empty() ? "no stage has a name" : cat("named: ", join(names, ", "));
  fail(ErrorKind::not_found, "--target ", quoted(target), ": the file has no such stage; ",
       hint.empty() ? "" : cat(hint, " "), "there are ", stages.stages.size(), " stages, ", known);
}

std::vector<Outline> needed_stages(const dockerfile::Stage& target, const Sources& sources) {
  std::vector<Outline> outlines;
  std::set<std::size_t> needed = {static_cast<std::size_t>(target.index)};
  // Backwards: whoever needs a stage has been looked at before the stage itself comes.
  for (auto stage = sources.stages.stages.rbegin(); stage != sources.stages.stages.rend();
       ++stage) {
    if (!needed.contains(static_cast<std::size_t>(stage->index))) {
      check_outline(*stage, sources);
      continue;
    }
    outlines.push_back(make_outline(*stage, sources));
    needed.insert(outlines.back().needs.begin(), outlines.back().needs.end());
  }
  std::reverse(outlines.begin(), outlines.end());
  return outlines;
}

std::vector<Outline> all_stages(const dockerfile::Stage& target, const Sources& sources) {
  auto needed = needed_stages(target, sources);
  std::vector<Outline> outlines;
  auto next = needed.begin();
  for (const auto& stage : sources.stages.stages) {
    if (next != needed.end() && next->source == &stage) {
      outlines.push_back(std::move(*next++));
    } else {
      outlines.push_back(make_outline(stage, sources));
      outlines.back().triggers.clear();
    }
  }
  return outlines;
}

}  // namespace strata::plan
