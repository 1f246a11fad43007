#pragma once
/// The content of a RUN --mount=type=cache as a layer that says itself what it is: `cache.json`
/// with the cache's id and name, and its directory as `data`.

#include <stop_token>
#include <string>
#include <vector>

#include "strata/base/worker_pool.hpp"
#include "strata/oci/image.hpp"
#include "strata/store/store.hpp"

namespace strata::remotecache {

struct MountArchive {
  Digest id;         ///< in the store: of all that tells one cache from another
  std::string name;  ///< for people, as id= says it
  oci::Layer layer;  ///< in the store
};

/// Packs the caches of this name, once nobody works with them. The bytes depend on the content
/// alone. Error not_found, naming those there are.
std::vector<MountArchive> pack_mounts(store::Store& store, WorkerPool& pool,
                                      const std::string& name, const std::stop_token& stop);

/// What an archive in the store holds; Error corrupt if it is none.
MountArchive read_mount_archive(store::Store& store, const oci::Layer& layer);
/// Writes the cache's content into an empty directory.
void unpack_mount(store::Store& store, const MountArchive& archive, const Root& data);
/// Puts the cache into the store in place of what it has of it, once nobody works with that.
void put_mount(store::Store& store, const MountArchive& archive, const std::stop_token& stop);

}  // namespace strata::remotecache
