#pragma once
/// Compresses one chunk on its own: bytes in, an independent run of compressed bytes out.

#include <memory>
#include <span>
#include <vector>

#include "strata/content/compression.hpp"

namespace strata {

/// Holds the state and the buffers that one thread needs at a time; may be used again and again.
/// What it gives is a function of the chunk alone.
class ChunkEncoder {
 public:
  virtual ~ChunkEncoder() = default;
  /// Puts the result at the beginning of `out`, which grows as needed, and returns its size.
  virtual std::size_t encode(std::string_view chunk, std::vector<char>& out) = 0;
};

/// `compression` as make_compression gives it, not Codec::none.
std::unique_ptr<ChunkEncoder> make_chunk_encoder(const Compression& compression);

}  // namespace strata
