#pragma once
/// Decodes one chunk of a blob with a chunk table on its own.

#include <span>
#include <vector>

#include "strata/content/compression.hpp"

namespace strata {

/// The `size` uncompressed bytes of a chunk (at most ChunkTable::chunk_size), of which `encoded`
/// are the compressed ones, perhaps with more behind them if it is the last. Throws Error corrupt.
std::vector<char> decode_chunk(std::span<const char> encoded, Codec codec, std::size_t size);

}  // namespace strata
