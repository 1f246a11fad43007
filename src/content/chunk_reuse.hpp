#pragma once
/// Chunks of an earlier layer that hold the same as runs of entries of one being written: they need
/// not be compressed again, nor their files be opened where decoding is less work.

#include <optional>
#include <span>
#include <vector>

#include "content/tar_layout.hpp"
#include "strata/content/layer_blob.hpp"

namespace strata {

/// What two layers begin with alike.
struct Beginning {
  std::size_t runs = 0;
  ChunkTable chunks = {};  ///< that the runs are in
  std::uint64_t size = 0;  ///< of the blob
  HashState plain = {};    ///< of the tar
};

/// Safe to use from several threads.
class ChunkReuse {
 public:
  /// `earlier` is borrowed; with null, or if it was compressed in another way, nothing is found.
  ChunkReuse(const EarlierLayer* earlier, const Compression& compression);

  /// The runs that the earlier layer begins with too. All have been proved on the pool to be what
  /// was written there.
  Beginning find_beginning(std::span<const Entry> entries, std::span<const TarRun> runs,
                           WorkerPool& pool) const;
  /// Copies that part of the blob and returns the blob's hash up to there.
  Hasher copy(const Beginning& beginning, Sink& out) const;

  /// The chunk that holds just these entries, which are a run that has been laid out.
  std::optional<std::size_t> find(std::span<const Entry> entries, const TarRun& run) const;
  /// Brings a chunk as it lies in the blob, and returns the CRC-32 of what it holds. Nothing if it
  /// is not what was written there.
  std::optional<std::uint32_t> read(std::size_t chunk, std::vector<char>& encoded) const;

  /// Whether a chunk of such sizes is had faster by decoding it than by reading so many files.
  static bool should_decode(std::size_t encoded_size, std::size_t size, std::size_t files);
  /// What a chunk that was read holds. False if it cannot be decoded.
  bool decode(std::span<const char> encoded, std::span<char> plain) const;

 private:
  std::optional<std::size_t> count_chunks(std::span<const Entry> entries, const TarRun& run,
                                          std::size_t next) const;
  bool is_sound(std::size_t chunk) const;

  const EarlierLayer* earlier_;
};

}  // namespace strata
