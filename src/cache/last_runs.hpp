#pragma once
/// Which record each step's last run has left.

#include <map>
#include <mutex>
#include <vector>

#include "strata/cache/cache.hpp"
#include "strata/store/slot_table.hpp"

namespace strata::cache {

/// One file for all steps of a Dockerfile, read when the first of them is asked for and written
/// when this goes. Of builds that run side by side each writes its own steps. Thread-safe.
class LastRuns {
 public:
  explicit LastRuns(store::Store& store) : store_(store) {}
  /// A failure costs the next build an explanation, or an early cut-off, no more.
  ~LastRuns();
  LastRuns(const LastRuns&) = delete;
  LastRuns& operator=(const LastRuns&) = delete;

  /// Keys of records that may be the slot's last run, the likeliest first.
  std::vector<CacheKey> find(const Slot& slot);
  void set(const Slot& slot, const CacheKey& key);

 private:
  struct Book {
    store::SlotTable table;
    store::SlotTable changes;
  };

  Book& open(const std::string& dockerfile);
  void save(const Digest& name, const Book& book) const;

  store::Store& store_;
  std::mutex mutex_;
  std::map<Digest, Book> books_;
};

}  // namespace strata::cache
