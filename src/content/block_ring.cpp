#include "content/block_ring.hpp"

#include <algorithm>

namespace strata {

BlockRing::BlockRing() {
  // Pages that no short layer needs are never touched.
  for (Block& block : blocks_) block.bytes = std::make_unique_for_overwrite<char[]>(block_size);
}

std::span<char> BlockRing::await_room(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const auto has_room = [&] {
    return is_broken_ || filled_ - *std::ranges::min_element(released_) < blocks_max;
  };
  if (!changed_.wait(lock, stop, has_room) || is_broken_ || stop.stop_requested()) return {};
  return {block(filled_).bytes.get(), block_size};
}

void BlockRing::put(std::size_t size) {
  {
    const std::lock_guard lock(mutex_);
    block(filled_).size = size;
    ++filled_;
  }
  changed_.notify_all();
}

void BlockRing::end(std::exception_ptr error) {
  {
    const std::lock_guard lock(mutex_);
    has_ended_ = true;
    if (!error_) error_ = std::move(error);
  }
  changed_.notify_all();
}

std::string_view BlockRing::await_block(Reader reader, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const std::uint64_t& next = released_by(reader);
  const auto is_decided = [&] { return is_broken_ || has_ended_ || next < filled_; };
  if (!changed_.wait(lock, stop, is_decided)) return {};
  if (is_broken_ || next == filled_) return {};
  return {block(next).bytes.get(), block(next).size};
}

void BlockRing::release(Reader reader) {
  {
    const std::lock_guard lock(mutex_);
    ++released_by(reader);
  }
  changed_.notify_all();
}

void BlockRing::fail(std::exception_ptr error) {
  {
    const std::lock_guard lock(mutex_);
    is_broken_ = true;
    error_ = std::move(error);
  }
  changed_.notify_all();
}

void BlockRing::check() const {
  const std::lock_guard lock(mutex_);
  if (error_) std::rethrow_exception(error_);
}

}  // namespace strata
