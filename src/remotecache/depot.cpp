#include "strata/remotecache/depot.hpp"

namespace strata::remotecache {

std::optional<registry::Document> Depot::find(const std::string& tag, const std::stop_token& stop) {
  auto document = look(tag, stop);
  if (document) {
    const std::lock_guard lock(mutex_);
    known_.insert(tag);
  }
  return document;
}

bool Depot::has(const std::string& tag, const std::stop_token& stop) {
  {
    const std::lock_guard lock(mutex_);
    if (distrusted_.contains(tag)) return false;
    if (known_.contains(tag)) return true;
  }
  return asks(tag, stop);
}

void Depot::distrust(const std::string& tag) {
  const std::lock_guard lock(mutex_);
  distrusted_.insert(tag);
}

void Depot::put_manifest(const std::string& tag, const registry::Document& document,
                         const std::stop_token& stop) {
  write(tag, document, stop);
  const std::lock_guard lock(mutex_);
  distrusted_.erase(tag);
  known_.insert(tag);
}

}  // namespace strata::remotecache
