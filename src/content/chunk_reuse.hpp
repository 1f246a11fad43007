#pragma once
/// Chunks of an earlier layer that hold the same as runs of entries of one being written. Reading
/// and decoding a chunk is less work than opening its files and compressing them.

#include <optional>
#include <span>
#include <vector>

#include "content/tar_layout.hpp"
#include "strata/content/layer_blob.hpp"

namespace strata {

/// Safe to use from several threads.
class ChunkReuse {
 public:
  /// `earlier` is borrowed; with null, or if it was compressed in another way, nothing is found.
  ChunkReuse(const EarlierLayer* earlier, const Compression& compression);

  /// The chunk that must hold just these entries, which are a run that has been laid out, if the
  /// earlier layer's tree is right.
  std::optional<std::size_t> find(std::span<const Entry> entries, const TarRun& run) const;
  /// Brings it as it lies in the blob and decoded. False if it cannot be had.
  bool read(std::size_t chunk, std::span<char> plain, std::vector<char>& encoded) const;

 private:
  const EarlierLayer* earlier_;
};

/// Whether the bytes are the tar of the entries: the headers that they have, contents of their
/// digests, and nothing else. All files must have digests, and none be a hard link.
bool proves_to_hold(std::span<const char> tar, std::span<const Entry> entries);

}  // namespace strata
