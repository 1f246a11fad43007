#pragma once
/// Unpacking a layer of ours, of which everything is known but the bytes of its files.

#include "strata/base/root.hpp"
#include "strata/base/worker_pool.hpp"
#include "strata/content/layer_blob.hpp"

namespace strata::store {

/// Whether the files of the layer can be had side by side: its blob gives any of them alone, and
/// none is most of the layer, which front to back is read by several threads too.
bool can_unpack_side_by_side(const LayerTree& layer);

/// Unpacks such a layer into an empty directory, its files on all threads of the pool. What they
/// are is what the tree says; their bytes are checked against the digests that it has. `blob_fd` is
/// of the blob that the layer speaks of, and borrowed. Error corrupt for other bytes.
void unpack_tree(const LayerTree& layer, int blob_fd, const Root& target, WorkerPool& pool);

}  // namespace strata::store
