#pragma once
/// Blobs on their way, several at a time.

#include <algorithm>
#include <cstddef>
#include <functional>

#include "strata/base/stop.hpp"
#include "strata/base/worker_pool.hpp"
#include "strata/registry/transfer.hpp"

namespace strata::registry {

/// Does `transfer(index)` for each index, `transfers_at_once` at a time. After the first failure,
/// which is thrown on, no other is begun. Transfers wait for the network, so they have threads of
/// their own.
inline void for_each_transfer(std::size_t count, const std::function<void(std::size_t)>& transfer) {
  if (count == 0) return;
  // The calling thread works too.
  const auto helpers = std::min<std::size_t>(count, transfers_at_once) - 1;
  if (helpers == 0) {
    for (std::size_t i = 0; i < count; ++i) transfer(i);
    return;
  }
  WorkerPool pool(static_cast<unsigned>(helpers));
  pool.for_each_index(count, transfer);
}

}  // namespace strata::registry
