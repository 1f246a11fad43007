#pragma once
/// The layers that were promised to this process.

#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "strata/store/promise.hpp"

namespace strata::store {

/// Thread-safe.
class Promises {
 public:
  /// One promise, and the turn of whoever keeps it.
  struct Kept {
    explicit Kept(Promise given) : promise(std::move(given)) {}
    const Promise promise;
    std::mutex turn;
  };

  /// A later promise of the same blob takes the place of an earlier one.
  void add(Promise promise) {
    const Digest blob = promise.layer.blob.digest;
    const std::lock_guard lock(mutex_);
    promises_.insert_or_assign(blob, std::make_shared<Kept>(std::move(promise)));
  }

  void clear() {
    const std::lock_guard lock(mutex_);
    promises_.clear();
  }

  /// Null if there is none.
  std::shared_ptr<Kept> find(const Digest& blob) const {
    const std::lock_guard lock(mutex_);
    const auto found = promises_.find(blob);
    return found == promises_.end() ? nullptr : found->second;
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_map<Digest, std::shared_ptr<Kept>> promises_;
};

}  // namespace strata::store
