#include "plan/env_index.hpp"

#include "strata/base/text.hpp"
#include "strata/oci/image_config.hpp"

namespace strata::plan {

EnvIndex::EnvIndex(std::vector<std::string>& env) : env_(&env) { read(); }

void EnvIndex::read() {
  places_.clear();
  repeated_.clear();
  for (std::size_t place = 0; place < env_->size(); ++place) {
    const auto& text = (*env_)[place];
    const auto sign = text.find('=');
    if (sign == std::string::npos) continue;
    const auto name = text.substr(0, sign);
    if (!places_.insert_or_assign(name, place).second) repeated_.insert(name);
  }
}

std::optional<std::string> EnvIndex::find(std::string_view name) const {
  const auto found = places_.find(name);
  if (found == places_.end()) return std::nullopt;
  return (*env_)[found->second].substr(name.size() + 1);
}

void EnvIndex::set(std::string_view name, std::string_view value) {
  const auto found = places_.find(name);
  if (found == places_.end()) {
    places_.emplace(name, env_->size());
    env_->push_back(cat(name, '=', value));
  } else if (repeated_.contains(name)) {
    oci::set_env(*env_, name, value);
    read();
  } else {
    (*env_)[found->second] = cat(name, '=', value);
  }
}

}  // namespace strata::plan
