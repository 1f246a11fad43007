#include "cache/record_index.hpp"

namespace strata::cache {

RecordIndex::~RecordIndex() {
  try {
    for (const auto& [table, book] : books_)
      if (!book.changes.empty()) save(table, book);
  } catch (...) {
  }
}

RecordIndex::Book& RecordIndex::open(const Digest& table) {
  const auto [place, is_new] = books_.try_emplace(table);
  if (is_new) {
    if (const auto bytes = store_.slots().find(table))
      place->second.table = store::SlotTable::decode(*bytes);
  }
  return place->second;
}

/// What other builds have written meanwhile stays.
void RecordIndex::save(const Digest& table, const Book& book) const {
  store::SlotTable whole;
  if (const auto bytes = store_.slots().find(table)) whole = store::SlotTable::decode(*bytes);
  whole.set_all(book.changes);
  store_.slots().put(table, whole.encode());
}

std::optional<CacheKey> RecordIndex::find(const Digest& table, const Digest& name) {
  const std::lock_guard lock(mutex_);
  const Digest* key = open(table).table.find(name);
  return key == nullptr ? std::nullopt : std::optional(CacheKey(*key));
}

void RecordIndex::set(const Digest& table, const Digest& name, const CacheKey& key) {
  const std::lock_guard lock(mutex_);
  Book& book = open(table);
  if (book.table.set(name, key.digest())) book.changes.set(name, key.digest());
}

}  // namespace strata::cache
