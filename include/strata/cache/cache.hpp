#pragma once
/// Has this step been done before? Records are found by the key of a step's ingredients; a slot,
/// the step's place in its Dockerfile, leads to the record of the run before, to say what has
/// changed.

#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "strata/cache/record.hpp"
#include "strata/cache/shared_records.hpp"
#include "strata/content/compression.hpp"
#include "strata/store/store.hpp"

namespace strata::cache {

/// Where a step stands. The same text in the same stage is the same step, wherever it has moved to;
/// else the same position is.
struct Slot {
  std::string dockerfile;  ///< which Dockerfile: anything that stays the same between builds
  std::string stage;
  std::size_t position = 0;
  std::string text;
};

class RecordIndex;

/// Safe to use from several threads and processes.
class Cache {
 public:
  /// Borrows both; `shared` may be null.
  explicit Cache(store::Store& store, SharedRecords* shared = nullptr);
  /// Writes down what slots and contents lead to: other processes see it from then on.
  ~Cache();

  /// The record of a step that need not run: its layer's blob and tree are here and held by this
  /// process's lease. Anything less is a miss.
  std::optional<Record> find(const CacheKey& key) const;
  /// Asks the shared records for what `find` has not found. The layer may only be promised; if it
  /// is here, the record is kept here too.
  std::optional<SharedRecord> find_shared(const CacheKey& key, const std::stop_token& stop) const;

  /// Keeps a shared record whose layer has come meanwhile; nothing happens if it has not. Error
  /// corrupt if the layer is not what the record says.
  void keep(const Record& record) const;

  /// False if nothing of the slot is known here and nobody else can be asked: a miss is all but
  /// certain.
  bool may_know(const Slot& slot) const;
  /// The record of the run before, whether or not its layer is still here.
  std::optional<Record> find_previous(const Slot& slot) const;

  /// The record, as usable as one of `find`, of any step that left a layer with this content,
  /// packed like this. Times are not part of the content: the layer's may be others.
  std::optional<Record> find_content(const Digest& content, const Compression& packing) const;
  /// Notes that the record, which has been put, tells of the layer with its content.
  void note_content(const Record& record, const Compression& packing) const;

  /// Remembers a step that ran, and as the last run of its slot, in place of any earlier record of
  /// its key. The layer must be stored already.
  void put(const Slot& slot, const Record& record) const;
  /// As put, but a usable record that another build has put meanwhile stands, and is returned:
  /// builds that do the same step at once must go on from one result, or whichever record came
  /// last would lead the next build past the steps that were done on the other.
  Record put_or_take(const Slot& slot, const Record& record) const;
  /// Notes that the slot's last run is a record that was found.
  void touch(const Slot& slot, const CacheKey& key) const;

 private:
  std::optional<Record> read(const CacheKey& key) const;

  store::Store& store_;
  SharedRecords* shared_;
  std::unique_ptr<RecordIndex> index_;
};

}  // namespace strata::cache
