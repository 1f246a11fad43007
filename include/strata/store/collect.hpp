#pragma once
/// Collection of what nothing refers to any more. Roots are the images of index.json, the images
/// containers stand on, the layers that cache records name, and the leases of living processes.
/// Unreachable things are renamed into a work directory under the exclusive `collect` lock, which
/// takes a moment, and deleted afterwards without it. Order: references first, blobs last.
///
/// The functions in CollectOptions are called under that lock: they may look at the bytes they are
/// given and at nothing else of the store.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "strata/base/time.hpp"
#include "strata/content/digest.hpp"
#include "strata/store/store.hpp"

namespace strata::store {

/// The digests (blobs and DiffIds) that the cache record of this key needs; given by the cache
/// floor, which knows the format.
using RecordReferences =
    std::function<std::vector<Digest>(const Digest& key, std::string_view record)>;

struct CollectOptions {
  RecordReferences references;
  /// Which cache records go; the others are roots.
  std::function<bool(const Digest& key, std::string_view record)> drop_record;
  /// Unpacked directories and trees can be made again: drop those too that no container or build is
  /// using right now.
  bool drop_derived = false;
  /// The blob that a record of something fetched (remotes/) leads to; nothing if it cannot be read.
  /// Given by the remote floor. Such a record is no root, and goes with its blob.
  std::function<std::optional<Digest>(std::string_view record)> fetched_blob;
  /// Records of what was fetched, and stat indexes of contexts (contexts/), that nobody has used
  /// since then go too, unless their blob is in use right now.
  std::optional<Time> unused_since;
  /// Directories of RUN --mount=type=cache that no build is using right now.
  bool drop_cache_mounts = false;
};

struct Collected {
  std::vector<Digest> records;
  std::vector<Digest> blobs;
  std::vector<DiffId> layers;   ///< whose derived forms went
  std::vector<Digest> fetched;  ///< records of what was fetched
  std::vector<Digest> indexes;  ///< stat indexes
  std::vector<CacheMountInfo> cache_mounts;
  std::uint64_t bytes = 0;  ///< that the disk got back
};

Collected collect(Store& store, const CollectOptions& options);

}  // namespace strata::store
