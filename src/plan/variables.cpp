#include "plan/variables.hpp"

#include <algorithm>

namespace strata::plan {

void Variables::define(const std::string& name, std::string value) {
  constexpr std::size_t node_size = 100;  // a short variable takes about as much besides its text
  const auto old = definitions_.find(name);
  if (old != definitions_.end()) {
    size_ -= node_size + name.size() + old->second.value.size();
    definitions_.erase(old);
  }
  const std::size_t size = node_size + name.size() + value.size();
  if (size > variables_size_max - size_) {
    complete_ = false;
    return;
  }
  size_ += size;
  definitions_.emplace(name, Definition{std::move(value), next_order_++});
}

std::optional<std::string> Variables::find(std::string_view name) const {
  const auto found = definitions_.find(name);
  if (found == definitions_.end()) return std::nullopt;
  return found->second.value;
}

std::vector<std::string> Variables::names() const {
  std::map<std::size_t, std::string_view> ordered;
  for (const auto& [name, definition] : definitions_) ordered.emplace(definition.order, name);
  std::vector<std::string> names;
  for (const auto& [order, name] : ordered) names.emplace_back(name);
  return names;
}

}  // namespace strata::plan
