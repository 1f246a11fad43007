#pragma once
/// What takes space in a store, each byte counted once: `system df`.

#include <cstdint>
#include <string>
#include <vector>

#include "strata/base/time.hpp"
#include "strata/store/store.hpp"

namespace strata::inspect {

/// Bytes of an image's blobs: documents and layers as they lie in the store.
struct ImageUsage {
  std::string name;  ///< its first name, or "<none>"
  Digest id;
  std::uint64_t size;    ///< of all its blobs
  std::uint64_t shared;  ///< of those that another image has too
  std::uint64_t unique;  ///< size - shared: what goes when the image goes
  std::size_t containers;
};

struct ContainerUsage {
  std::string id;
  std::string name;
  std::uint64_t size;  ///< of its writable layer
  bool running;
};

struct CacheUsage {
  CacheKey key;
  std::string text;  ///< the instruction
  Time created;
  std::uint64_t size;  ///< of its layer's blob; 0 for a metadata-only step
  bool shared;         ///< an image has the layer too: its bytes are the image's
};

/// The totals do not overlap: their sum is what the store holds.
struct DiskUsage {
  std::vector<ImageUsage> images;
  std::vector<ContainerUsage> containers;
  std::vector<CacheUsage> cache;
  std::vector<store::CacheMountInfo> cache_mounts;
  std::uint64_t images_size = 0;      ///< blobs of images, each once
  std::uint64_t images_unused = 0;    ///< of that, what no container needs
  std::uint64_t containers_size = 0;  ///< writable layers
  std::uint64_t containers_stopped = 0;
  std::uint64_t cache_size = 0;           ///< records, stat indexes, and blobs that only they need
  std::uint64_t cache_mounts_size = 0;    ///< what RUN --mount=type=cache keeps
  std::uint64_t cache_mounts_unused = 0;  ///< of that, what no build works with right now
  std::size_t unpacked_count = 0;
  std::uint64_t unpacked_size = 0;  ///< trees and unpacked layers: made again when wanted
  std::uint64_t loose_size = 0;     ///< blobs that nothing refers to: the next prune takes them
};

DiskUsage measure(const store::Store& store);

}  // namespace strata::inspect
