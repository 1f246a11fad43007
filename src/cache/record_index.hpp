#pragma once
/// Other ways to records than their keys.

#include <map>
#include <mutex>
#include <optional>

#include "strata/cache/cache.hpp"
#include "strata/store/slot_table.hpp"

namespace strata::cache {

/// Names that lead to keys, in tables. A table is one file, read when the first of its names is
/// asked for and written when this goes. Of builds that run side by side each writes its own names.
/// Thread-safe.
class RecordIndex {
 public:
  explicit RecordIndex(store::Store& store) : store_(store) {}
  /// A failure costs the next build an explanation, or a layer written once more.
  ~RecordIndex();
  RecordIndex(const RecordIndex&) = delete;
  RecordIndex& operator=(const RecordIndex&) = delete;

  std::optional<CacheKey> find(const Digest& table, const Digest& name);
  void set(const Digest& table, const Digest& name, const CacheKey& key);

 private:
  struct Book {
    store::SlotTable table;
    store::SlotTable changes;
  };

  Book& open(const Digest& table);
  void save(const Digest& table, const Book& book) const;

  store::Store& store_;
  std::mutex mutex_;
  std::map<Digest, Book> books_;
};

}  // namespace strata::cache
