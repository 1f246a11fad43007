#include "strata/content/file_memory.hpp"

#include <sys/mman.h>

#include "strata/base/error.hpp"

namespace strata {

namespace {

/// The first block is small, since most sets of files are. The others are the processor's large
/// pages: the kernel takes as long to give small ones as to read small files.
constexpr std::size_t first_block_size = 256 << 10;
constexpr std::size_t block_size = 2 << 20;
static_assert(first_block_size >= FileMemory::file_size_max);

}  // namespace

std::span<char> FileMemory::take(std::uint64_t size) {
  if (size > file_size_max) return {};
  const std::lock_guard lock(mutex_);
  if (size > rest_.size() && !add_block()) return {};
  const std::span<char> room = rest_.first(size);
  rest_ = rest_.subspan(size);
  return room;
}

bool FileMemory::add_block() {
  const std::size_t size = blocks_.empty() ? first_block_size : block_size;
  if (left_ < size) return false;
  blocks_.emplace_back(static_cast<char*>(std::aligned_alloc(size, size)));
  if (!blocks_.back()) fail(ErrorKind::system, "no memory for the files of the build context");
  if (size == block_size) madvise(blocks_.back().get(), size, MADV_HUGEPAGE);
  left_ -= size;
  rest_ = {blocks_.back().get(), size};
  return true;
}

}  // namespace strata
