#pragma once
/// Lease: what this process is using, written down where a prune of another process sees it.
///
/// A lease is one file in leases/, locked for the life of the process, so that the lease of a dead
/// process is known by its lock being free. A digest is added under the shared `collect` lock,
/// which a prune holds exclusively while it decides and renames things away: whatever is held, and
/// was there when it was held, stays.

#include <mutex>
#include <set>
#include <span>
#include <string>

#include "strata/base/fd.hpp"
#include "strata/base/lock.hpp"
#include "strata/base/root.hpp"
#include "strata/content/digest.hpp"

namespace strata::store {

/// Thread-safe.
class Lease {
 public:
  /// `store` is borrowed. The lease file is made when the first digest is held.
  explicit Lease(const Root& store);
  ~Lease();
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  /// Protects blobs, and unpacked layers by their DiffId's digest, until this process ends. Whether
  /// they exist is to be asked after this returns.
  void hold(std::span<const Digest> digests);
  void hold(const Digest& digest) { hold(std::span(&digest, 1)); }

  /// Holds a blob that this process is about to write, and says so to others.
  void hold_unwritten(const Digest& digest);
  /// Whether another living process has said that it writes this blob. It stays true once it has.
  bool is_written_elsewhere(const Digest& digest) const;

  /// Lets go of everything held so far: what this process used it needs no more. For a prune, which
  /// looks at all images before it decides.
  void release();

  /// All digests that living processes hold. To be called with the collect lock held exclusively.
  static std::set<Digest> held_by_anyone(const Root& store);

 private:
  struct State;
  void append(const std::string& lines);

  const Root& store_;
  mutable std::mutex mutex_;
  std::unique_ptr<State> state_;
};

}  // namespace strata::store
