#include "plan/print_parts.hpp"

#include "strata/base/text.hpp"
#include "strata/base/url.hpp"

namespace strata::plan {

std::string base_text(const Plan& plan, const Base& base) {
  if (const auto* image = std::get_if<BaseImage>(&base)) return cat("image ", image->name);
  if (const auto* stage = std::get_if<BaseStage>(&base)) {
    return cat("stage ", plan.stages[stage->stage].label());
  }
  return "scratch";
}

std::string origin_text(const Plan& plan, const Origin& origin) {
  if (const auto* image = std::get_if<FromImage>(&origin)) return cat("image ", image->name);
  if (const auto* stage = std::get_if<FromStage>(&origin)) {
    return cat("stage ", plan.stages[stage->stage].label());
  }
  if (const auto* file = std::get_if<FromUrl>(&origin)) return mask_credentials(file->url);
  if (const auto* from = std::get_if<FromGit>(&origin)) return to_string(from->repository);
  const auto& name = std::get<FromContext>(origin).name;
  return name.empty() ? "context" : cat("context ", name);
}

std::string_view network_name(RunProcess::Network network) {
  switch (network) {
    case RunProcess::Network::none:
      return "none";
    case RunProcess::Network::host:
      return "host";
    case RunProcess::Network::standard:
      break;
  }
  return "default";
}

std::string_view sharing_name(CacheMount::Sharing sharing) {
  switch (sharing) {
    case CacheMount::Sharing::private_copy:
      return "private";
    case CacheMount::Sharing::locked:
      return "locked";
    case CacheMount::Sharing::shared:
      break;
  }
  return "shared";
}

std::vector<std::string> variable_names(const std::vector<std::string>& variables) {
  std::vector<std::string> names;
  for (const auto& variable : variables) names.push_back(variable.substr(0, variable.find('=')));
  return names;
}

}  // namespace strata::plan
