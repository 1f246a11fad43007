#include "cache/last_runs.hpp"

#include <array>

#include "strata/base/text.hpp"

namespace strata::cache {

namespace {

Digest slot_name(const Slot& slot, std::string_view kind, std::string_view what) {
  plan::Ingredients place;
  place.add("stage", slot.stage);
  place.add(std::string(kind), std::string(what));
  return place.key().digest();
}

/// A slot has two names: what the step says, and where it stands.
std::array<Digest, 2> names_of(const Slot& slot) {
  return {slot_name(slot, "text", slot.text), slot_name(slot, "position", cat(slot.position))};
}

}  // namespace

LastRuns::~LastRuns() {
  try {
    for (const auto& [name, book] : books_)
      if (!book.changes.empty()) save(name, book);
  } catch (...) {
  }
}

LastRuns::Book& LastRuns::open(const std::string& dockerfile) {
  const Digest name = Digest::of(dockerfile);
  const auto [place, is_new] = books_.try_emplace(name);
  if (is_new) {
    if (const auto bytes = store_.slots().find(name))
      place->second.table = store::SlotTable::decode(*bytes);
  }
  return place->second;
}

/// What other builds have written meanwhile stays.
void LastRuns::save(const Digest& name, const Book& book) const {
  store::SlotTable table;
  if (const auto bytes = store_.slots().find(name)) table = store::SlotTable::decode(*bytes);
  table.set_all(book.changes);
  store_.slots().put(name, table.encode());
}

std::vector<CacheKey> LastRuns::find(const Slot& slot) {
  const std::lock_guard lock(mutex_);
  const Book& book = open(slot.dockerfile);
  std::vector<CacheKey> keys;
  for (const Digest& name : names_of(slot))
    if (const Digest* key = book.table.find(name)) keys.emplace_back(*key);
  return keys;
}

void LastRuns::set(const Slot& slot, const CacheKey& key) {
  const std::lock_guard lock(mutex_);
  Book& book = open(slot.dockerfile);
  for (const Digest& name : names_of(slot))
    if (book.table.set(name, key.digest())) book.changes.set(name, key.digest());
}

}  // namespace strata::cache
