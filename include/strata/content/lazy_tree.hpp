#pragma once
/// A tree that is read when somebody first looks at it. Most builds find all their steps and never
/// ask what the layers of these hold; of a million files that is more than all else they do.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

#include "strata/content/tree.hpp"

namespace strata {

/// Copies share one tree. Safe to use from several threads.
class LazyTree {
 public:
  using Read = std::function<std::shared_ptr<const Tree>()>;

  /// One that is there already. Never null.
  LazyTree(std::shared_ptr<const Tree> tree);
  /// `read` is called once, and again only if it threw. What it borrows must outlive the copies.
  explicit LazyTree(Read read);

  /// Throw what `read` throws.
  const Tree& operator*() const;
  const Tree* operator->() const { return &**this; }

 private:
  struct State {
    std::mutex turn;
    Read read;
    std::shared_ptr<const Tree> owned;
    std::atomic<const Tree*> tree = nullptr;  ///< null until it is read
  };

  std::shared_ptr<State> state_;
};

}  // namespace strata
