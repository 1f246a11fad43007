#pragma once
/// Putting what a build has done where other machines find it. Only what a place lacks is sent, and
/// what it has stands: of builders that did one step at once, all go on from one result.

#include <stop_token>
#include <string>
#include <vector>

#include "strata/base/worker_pool.hpp"
#include "strata/cache/record.hpp"
#include "strata/remotecache/depot.hpp"

namespace strata::remotecache {

/// What was there and what was sent.
struct Exported {
  std::size_t records_there = 0;
  std::size_t records_sent = 0;
  std::uint64_t layer_bytes = 0;  ///< of layers that were sent
};

/// `bases` are the images the records stand on: their layers' trees go along, so that others can
/// look files up in them without fetching them.
Exported export_records(store::Store& store, WorkerPool& pool, Depot& depot,
                        const std::vector<cache::RecordPointer>& records,
                        const std::vector<oci::Image>& bases, const std::stop_token& stop);

/// The cache mounts of these ids (as RUN --mount=type=cache,id=ID names them), each as one layer,
/// replacing what the place has. Error not_found for an id that is not in the store.
void export_mounts(store::Store& store, WorkerPool& pool, Depot& depot,
                   const std::vector<std::string>& ids, const std::stop_token& stop);

}  // namespace strata::remotecache
