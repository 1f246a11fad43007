#pragma once
/// One SHA-256 over blocks that several threads bring. A hash goes front to back and cannot be
/// split, but it need not be a thread's that has other work.

#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <string_view>

#include "strata/base/span_log.hpp"
#include "strata/content/hashing.hpp"

namespace strata {

/// Thread-safe but for `finish`.
class OrderedHasher {
 public:
  /// Each block's "hash" is noted in `spans`, which is borrowed.
  explicit OrderedHasher(const SpanScope& spans) : spans_(spans) {}
  /// Goes on from a state.
  OrderedHasher(const SpanScope& spans, const HashState& begun) : spans_(spans), hasher_(begun) {}

  /// Takes a block, of which there is one for every number from 0 on. Whoever brings the next one
  /// hashes it and all that wait behind it; nobody else waits. The bytes must stay until they are
  /// hashed.
  void put(std::size_t number, std::string_view block);
  /// Returns once the block is hashed: the state before it. It and all before it must have been
  /// put. To be asked once for each.
  HashState await(std::size_t number);
  /// When all blocks were put and awaited.
  Digest finish() { return hasher_.finish(); }

 private:
  const SpanScope& spans_;
  std::mutex mutex_;
  std::condition_variable hashed_;
  std::map<std::size_t, std::string_view> waiting_;
  std::map<std::size_t, HashState> states_;  ///< before blocks that are hashed
  std::size_t next_ = 0;
  bool is_busy_ = false;
  Hasher hasher_;  ///< of the thread that made `is_busy_` true
};

}  // namespace strata
