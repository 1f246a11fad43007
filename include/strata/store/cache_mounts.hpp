#pragma once
/// What RUN --mount=type=cache keeps between builds: mounts/<id>/ with the directory that is
/// mounted (`data`) and what people call it (`name`). An id is a digest of all that tells one cache
/// from another, so that no text of a Dockerfile becomes a path.
///
/// A cache is locked as long as a step works with it, and only the holder of the lock looks whether
/// it exists: a prune either finds it in use, or takes it away before anybody has seen it.

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "strata/base/lock.hpp"
#include "strata/base/root.hpp"
#include "strata/base/time.hpp"
#include "strata/content/digest.hpp"
#include "strata/store/work_directory.hpp"

namespace strata::store {

/// How a step shares a cache with others that run at the same time.
enum class CacheSharing {
  shared,        ///< all work in one directory
  private_copy,  ///< one that nobody works in: another of the same name, or a new one
  locked,        ///< one after the other
};

struct CacheMountWish {
  Digest id;
  std::string name;  ///< for people
  CacheSharing sharing = CacheSharing::shared;
  /// Fills the empty directory of a new cache, and sets its owner and mode.
  std::function<void(const Root& data)> fill;
  /// Called once, if somebody else has to be waited for.
  std::function<void()> on_wait;
};

/// A cache that is this step's to use as long as the object lives.
class HeldCacheMount {
 public:
  HeldCacheMount(FileLock lock, Root data) : lock_(std::move(lock)), data_(std::move(data)) {}
  const Root& data() const { return data_; }

 private:
  FileLock lock_;
  Root data_;
};

struct CacheMountInfo {
  Digest id;
  std::string name;
  Time used;  ///< when a step last began to work with it
  std::uint64_t size = 0;
  bool in_use = false;
};

/// Safe to use from several threads and processes.
class CacheMounts {
 public:
  /// `store` is borrowed.
  explicit CacheMounts(const Root& store) : store_(store) {}

  /// Waits until the cache can be used, and makes it if it is new. Whoever holds several takes them
  /// in the order of their ids, each once. Error interrupted if a stop is asked for meanwhile.
  HeldCacheMount hold(const CacheMountWish& wish, const std::stop_token& stop) const;

  /// Waits until nobody works with a cache, and has it alone; nothing if it is not there.
  std::optional<HeldCacheMount> hold_alone(const Digest& id, const std::stop_token& stop) const;
  /// Makes the cache anew in place of the one that is there, once nobody works with that.
  void replace(const CacheMountWish& wish, const std::stop_token& stop) const;

  /// In the order of their names.
  std::vector<CacheMountInfo> list() const;
  /// Moves those that nobody uses into a directory that is removed later.
  std::vector<CacheMountInfo> take_unused(const WorkDirectory& trash) const;

 private:
  std::optional<FileLock> try_lock(const Digest& id, LockMode mode) const;
  FileLock wait_for(const CacheMountWish& wish, LockMode mode, const std::stop_token& stop) const;
  HeldCacheMount open(const Digest& id, const CacheMountWish& wish, FileLock lock) const;
  void make(const Digest& id, const CacheMountWish& wish) const;
  /// A new cache, as "new" in `work`.
  void make_in(const WorkDirectory& work, const CacheMountWish& wish) const;
  std::optional<CacheMountInfo> describe(const Digest& id) const;

  const Root& store_;
};

}  // namespace strata::store
