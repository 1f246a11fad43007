#pragma once
/// The places steps take files from, each opened when the first step asks for it and then shared.

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "strata/build/builder.hpp"

namespace strata::build {

/// Things that are opened once each; whoever wants one that is being opened waits for that one
/// alone. An opening that failed is tried again by the next one who asks. Thread-safe.
template <class Key>
class OpenedOnce {
 public:
  template <class Open>
  std::shared_ptr<exec::Place> find(const Key& key, const Open& open) {
    Slot& slot = slot_of(key);
    const std::lock_guard lock(slot.mutex);
    if (!slot.origin) slot.origin = open();
    return slot.origin;
  }

 private:
  struct Slot {
    std::mutex mutex;
    std::shared_ptr<exec::Place> origin;
  };

  Slot& slot_of(const Key& key) {
    const std::lock_guard lock(mutex_);
    return slots_[key];
  }

  std::mutex mutex_;
  std::map<Key, Slot> slots_;
};

/// Thread-safe.
class Origins {
 public:
  Origins(OpenPlace open_place, Opening opening, store::Store& store)
      : open_place_(std::move(open_place)), opening_(std::move(opening)), store_(store) {}

  /// Makes a finished stage available.
  void add_stage(std::size_t stage, const exec::Rootfs& rootfs);

  /// Throws if a stage is asked for that has not been added.
  std::shared_ptr<exec::Place> find(const plan::Origin& origin);

 private:
  struct Find;

  OpenPlace open_place_;
  Opening opening_;
  store::Store& store_;
  OpenedOnce<std::string> contexts_;
  OpenedOnce<plan::FromUrl> urls_;
  OpenedOnce<context::GitReference> repositories_;
  OpenedOnce<Digest> images_;
  std::mutex mutex_;  ///< guards what follows
  std::map<std::size_t, std::shared_ptr<exec::Place>> stages_;
};

}  // namespace strata::build
