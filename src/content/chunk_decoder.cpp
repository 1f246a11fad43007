#include "content/chunk_decoder.hpp"

#include <isa-l/igzip_lib.h>
#include <zstd.h>

#include <algorithm>
#include <memory>

#include "strata/base/error.hpp"

namespace strata {

namespace {

[[noreturn]] void fail_damaged() {
  fail(ErrorKind::corrupt,
       "a chunk of the blob is damaged, or the blob is not the one that the "
       "chunk table speaks of");
}

void decode_deflate(std::span<const char> encoded, std::span<char> decoded) {
  // The state is too large for a stack and costs nothing beside a chunk.
  const auto state = std::make_unique_for_overwrite<inflate_state>();
  isal_inflate_init(state.get());
  state->next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(encoded.data()));
  state->avail_in = static_cast<std::uint32_t>(encoded.size());
  state->next_out = reinterpret_cast<unsigned char*>(decoded.data());
  state->avail_out = static_cast<std::uint32_t>(decoded.size());
  if (isal_inflate(state.get()) < 0 || state->avail_out != 0) fail_damaged();
}

void decode_zstd(std::span<const char> encoded, std::span<char> decoded) {
  const std::size_t count =
      ZSTD_decompress(decoded.data(), decoded.size(), encoded.data(), encoded.size());
  if (count != decoded.size()) fail_damaged();
}

// No codec makes a chunk this much larger; a table that says so is wrong.
constexpr std::uint64_t encoded_size_max = 2 * ChunkTable::chunk_size_max;

}  // namespace

std::size_t encoded_chunk_size(const ChunkTable& table, std::size_t index) {
  if (index + 1 == table.starts.size()) return encoded_size_max;
  const std::uint64_t size = table.starts[index + 1].encoded - table.starts[index].encoded;
  if (size > encoded_size_max)
    fail(ErrorKind::corrupt, "a chunk table gives a chunk ", size, " bytes");
  return size;
}

std::size_t decoded_chunk_size(const ChunkTable& table, std::size_t index) {
  const bool is_last = index + 1 == table.starts.size();
  const std::uint64_t end = is_last ? table.uncompressed_size : table.starts[index + 1].plain;
  const std::uint64_t size = end - table.starts[index].plain;
  if (size > ChunkTable::chunk_size_max)
    fail(ErrorKind::corrupt, "a chunk table has a chunk hold ", size, " bytes");
  return size;
}

void decode_chunk(std::span<const char> encoded, Codec codec, std::span<char> decoded) {
  if (codec == Codec::zstd) return decode_zstd(encoded, decoded);
  decode_deflate(encoded, decoded);
}

}  // namespace strata
