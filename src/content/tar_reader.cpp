/// The stream of a tar: blocks, padding, the end. What a member means is tar_member's matter.

#include <algorithm>

#include "content/limits.hpp"
#include "content/tar_member.hpp"
#include "strata/base/error.hpp"
#include "strata/content/tar.hpp"

namespace strata {

namespace {

constexpr std::size_t skip_buffer_size = 64 << 10;

std::uint64_t padding_of(std::uint64_t size) {
  return (tar_block_size - size % tar_block_size) % tar_block_size;
}

[[noreturn]] void fail_truncated() {
  fail(ErrorKind::corrupt, "a tar ends in the middle of a member");
}

}  // namespace

std::optional<Entry> TarReader::next() {
  skip_data();
  TarExtensions extensions;
  TarBlock block;
  while (read_header(block)) {
    if (take_extension(block, extensions)) continue;
    if (++entries_ > entries_max)
      fail(ErrorKind::corrupt, "a tar has more than ", entries_max, " entries");
    auto entry = tar_entry(block, extensions);
    data_left_ = tar_data_size(block, extensions);
    padding_ = padding_of(data_left_);
    if (entry && entry->is_file()) entry->data_offset = offset_;
    if (entry) return entry;
    skip_data();
    extensions = {};
  }
  if (!extensions.empty())
    fail(ErrorKind::corrupt, "a tar ends between an extended header and its member");
  return std::nullopt;
}

// False at the end: two zero blocks, or, as some builders leave it, nothing more.
bool TarReader::read_header(Block& block) {
  if (at_end_) return false;
  at_end_ = !read_block(block);
  if (at_end_) return false;
  if (is_zero_block(block)) {
    at_end_ = true;
    if (read_block(block) && !is_zero_block(block))
      fail(ErrorKind::corrupt, "a tar goes on after the zero block that ends it");
    return false;
  }
  if (!has_tar_checksum(block))
    fail(ErrorKind::corrupt, "a tar header at offset ", offset_ - block.size(),
         " has a wrong checksum: this is no tar, or it is damaged");
  return true;
}

bool TarReader::take_extension(const Block& block, TarExtensions& extensions) {
  switch (block[tar_field::type.offset]) {
    case tar_type::extended:
      extensions.add_pax(read_extension(block));
      return true;
    case tar_type::gnu_long_name:
      extensions.add_long_name(read_extension(block));
      return true;
    case tar_type::gnu_long_link:
      extensions.add_long_link(read_extension(block));
      return true;
    // Global records would make an entry depend on more than itself; in layers they only carry
    // comments (git archive), as everywhere else.
    case tar_type::global_extended:
      read_extension(block);
      return true;
    default:
      return false;
  }
}

std::string TarReader::read_extension(const Block& block) {
  const std::uint64_t size = tar_data_size(block, {});
  if (size > extension_size_max)
    fail(ErrorKind::corrupt, "a tar has an extended header of ", size, " bytes; at most ",
         extension_size_max, " are allowed");
  data_left_ = size;
  padding_ = padding_of(size);
  // The cap makes the claim safe to allocate.
  std::string text(size, '\0');
  std::size_t filled = 0;
  while (filled < text.size()) filled += read_data(std::span(text).subspan(filled));
  skip_data();
  return text;
}

std::size_t TarReader::read_data(std::span<char> buffer) {
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), data_left_));
  if (wanted == 0) return 0;
  const std::size_t count = in_.read(buffer.first(wanted));
  if (count == 0) fail_truncated();
  offset_ += count;
  data_left_ -= count;
  return count;
}

void TarReader::drain() {
  skip_data();
  std::array<char, skip_buffer_size> buffer;
  while (in_.read(buffer) > 0) {
  }
}

// False if the source ends exactly here.
bool TarReader::read_block(Block& block) {
  const std::size_t filled = read_full(in_, block);
  offset_ += filled;
  if (filled != 0 && filled != block.size()) fail_truncated();
  return filled != 0;
}

void TarReader::skip_data() {
  data_left_ += padding_;
  padding_ = 0;
  if (data_left_ == 0) return;
  std::array<char, skip_buffer_size> buffer;
  while (read_data(buffer) > 0) {
  }
}

}  // namespace strata
