#pragma once
/// Entries as tar members: ustar headers, with a pax header for what ustar cannot say.

#include <cstdint>
#include <string_view>

#include "content/tar_header.hpp"
#include "strata/base/io.hpp"
#include "strata/content/entry.hpp"

namespace strata {

/// How many bytes `write_tar_headers` writes: whole blocks.
std::uint64_t tar_headers_size(const Entry& entry);
/// Writes all headers of an entry and returns that; errors as TarWriter::add.
std::uint64_t write_tar_headers(const Entry& entry, Sink& out);

/// How much is missing of the last block.
constexpr std::uint64_t tar_padding(std::uint64_t size) {
  return (tar_block_size - size % tar_block_size) % tar_block_size;
}

/// What padding is taken from, and, as a whole, what stands at the end of a tar.
inline constexpr char tar_zero_blocks[2 * tar_block_size]{};
inline constexpr std::string_view tar_zeros(tar_zero_blocks, sizeof tar_zero_blocks);

}  // namespace strata
