#pragma once
/// Decodes one chunk of a blob with a chunk table on its own.

#include <span>

#include "strata/content/compression.hpp"

namespace strata {

/// How many bytes from its start on in the blob a chunk of the table needs. The last one, whose end
/// the table does not say, may need fewer. Throws Error corrupt for a size that no chunk has.
std::size_t encoded_chunk_size(const ChunkTable& table, std::size_t index);

/// How many uncompressed bytes a chunk of the table holds.
std::size_t decoded_chunk_size(const ChunkTable& table, std::size_t index);

/// Fills `decoded` with the uncompressed bytes of a chunk, of which `encoded` are the compressed
/// ones, perhaps with more behind them if it is the last. Throws Error corrupt.
void decode_chunk(std::span<const char> encoded, Codec codec, std::span<char> decoded);

}  // namespace strata
