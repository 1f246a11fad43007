#include "strata/plan/epoch.hpp"

#include "plan/arguments.hpp"
#include "plan/findings.hpp"
#include "strata/dockerfile/stages.hpp"

namespace strata::plan {

std::optional<EpochText> find_epoch(const dockerfile::File& file, const Options& options) {
  const auto stages = dockerfile::split_stages(file);
  const auto given = options.build_args.find(epoch_argument);
  if (given != options.build_args.end()) {
    if (given->second.empty()) return std::nullopt;
    return EpochText{given->second, std::nullopt};
  }
  GlobalArguments globals(options, {});
  Findings ignored(file);
  std::optional<EpochText> epoch;
  for (const auto* arg : stages.global_args) {
    ignored.attempt(arg->lines, [&] { globals.declare(*arg, file.escape); });
    const auto value = globals.find(epoch_argument);
    if (value && (!epoch || epoch->value != *value)) epoch = EpochText{*value, arg->lines};
  }
  return epoch && !epoch->value.empty() ? epoch : std::nullopt;
}

}  // namespace strata::plan
