#pragma once
/// Records that other machines have put where all can read them.

#include <optional>
#include <stop_token>
#include <string>

#include "strata/cache/record.hpp"

namespace strata::cache {

struct SharedRecord {
  Record record;
  std::string place;  ///< where it was found, for people
};

/// Safe to use from several threads.
class SharedRecords {
 public:
  virtual ~SharedRecords() = default;
  /// The record of this key. Its layer, if it has one, is in the store or promised to it. Trouble
  /// with a place is told by whoever implements this, and is a miss; throws Error interrupted
  /// alone.
  virtual std::optional<SharedRecord> find(const CacheKey& key, const std::stop_token& stop) = 0;
};

}  // namespace strata::cache
