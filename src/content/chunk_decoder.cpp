#include "content/chunk_decoder.hpp"

#include <isa-l/igzip_lib.h>
#include <zstd.h>

#include <memory>

#include "strata/base/error.hpp"

namespace strata {

namespace {

[[noreturn]] void fail_damaged() {
  fail(ErrorKind::corrupt,
       "a chunk of the blob is damaged, or the blob is not the one that the "
       "chunk table speaks of");
}

std::vector<char> decode_deflate(std::span<const char> encoded, std::size_t size) {
  std::vector<char> decoded(size);
  // The state is too large for a stack and costs nothing beside a chunk.
  const auto state = std::make_unique<inflate_state>();
  isal_inflate_init(state.get());
  state->next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(encoded.data()));
  state->avail_in = static_cast<std::uint32_t>(encoded.size());
  state->next_out = reinterpret_cast<unsigned char*>(decoded.data());
  state->avail_out = static_cast<std::uint32_t>(decoded.size());
  if (isal_inflate(state.get()) < 0 || state->avail_out != 0) fail_damaged();
  return decoded;
}

std::vector<char> decode_zstd(std::span<const char> encoded, std::size_t size) {
  std::vector<char> decoded(size);
  const std::size_t count =
      ZSTD_decompress(decoded.data(), decoded.size(), encoded.data(), encoded.size());
  if (count != size) fail_damaged();
  return decoded;
}

}  // namespace

std::vector<char> decode_chunk(std::span<const char> encoded, Codec codec, std::size_t size) {
  if (codec == Codec::zstd) return decode_zstd(encoded, size);
  return decode_deflate(encoded, size);
}

}  // namespace strata
