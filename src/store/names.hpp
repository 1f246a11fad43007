#pragma once
/// Names of files inside the store that more than one part of it knows.

#include <string>

#include "strata/base/lock.hpp"
#include "strata/base/root.hpp"
#include "strata/content/digest.hpp"

namespace strata::store {

namespace folder {
inline constexpr const char* blobs = "blobs/sha256";
inline constexpr const char* trees = "trees";
inline constexpr const char* unpacked = "unpacked";
inline constexpr const char* cache = "cache";
inline constexpr const char* slots = "slots";
inline constexpr const char* containers = "containers";
inline constexpr const char* leases = "leases";
inline constexpr const char* work = "tmp";
inline constexpr const char* mounts = "mounts";
inline constexpr const char* contexts = "contexts";
inline constexpr const char* remotes = "remotes";
}  // namespace folder

/// Locks. One thread may hold `unpack`, take `index`, and put digests on its lease (which takes
/// `collect` shared) in any of these. That cannot end in a circle, because whoever holds `collect`
/// exclusively takes no other lock and knows no lease (see marking.hpp).
namespace lock_file {
inline constexpr const char* collect = "locks/collect";
inline constexpr const char* index = "locks/index";
inline constexpr const char* work = "locks/work";
/// One byte of it for each cache mount. Taken before `collect`, never by whoever holds that.
inline constexpr const char* mounts = "locks/mounts";
/// One byte of it for each blob that somebody brings from elsewhere. Held while nothing but the
/// lease's lock is taken, and by a thread for one blob at a time.
inline constexpr const char* arrivals = "locks/arrivals";
/// One of 256 locks, so that the folder does not grow with the number of layers.
inline std::string unpack(const DiffId& diff_id) {
  return "locks/unpack-" + diff_id.hex().substr(0, 2);
}
}  // namespace lock_file

/// A byte of a lock file that no other digest has: 62 bits of a digest do not meet by chance.
LockRange byte_of(const Digest& digest);

/// 2 * `bytes` hex digits that nobody else has drawn.
std::string random_hex(std::size_t bytes);

/// Where an open directory lies now.
std::string host_path_of(const Root& directory);

}  // namespace strata::store
