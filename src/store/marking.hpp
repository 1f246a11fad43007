#pragma once
/// What a collection must leave alone: everything that can be reached from the images of
/// index.json, from containers, from the cache records that stay, and what living processes hold.
///
/// Marking happens under the exclusive `collect` lock, and a Lease takes that lock shared; one in
/// here would wait for its own process forever. So nothing here knows a Lease: it reads the store's
/// files through a Root.

#include <set>

#include "strata/base/root.hpp"
#include "strata/content/digest.hpp"

namespace strata::store {

struct Marks {
  /// Blobs, and DiffIds of layers, that something refers to.
  std::set<Digest> referred;
  /// Those of them that somebody is working with right now.
  std::set<Digest> in_use;

  bool refers_to(const Digest& digest) const {
    return referred.contains(digest) || in_use.contains(digest);
  }
};

/// Marks from images, containers and leases. Throws Error corrupt if a listed image cannot be read:
/// then nobody knows what belongs to it.
Marks mark_images_and_leases(const Root& store);

}  // namespace strata::store
