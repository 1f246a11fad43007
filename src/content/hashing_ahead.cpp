#include "content/hashing_ahead.hpp"

#include <cstring>
#include <system_error>
#include <thread>

#include "content/block_ring.hpp"
#include "strata/base/error.hpp"

namespace strata {

/// The ring and the threads beside the reading one. Their stop is requested before they are waited
/// for, so this can be taken down at any time, half made too.
class HashingAhead::Threads {
 public:
  explicit Threads(Source& in)
      : in_(in),
        filler_([this](const std::stop_token& stop) { fill(stop); }),
        hashing_([this](const std::stop_token& stop) { hash(stop); }) {}

  /// Empty at the end.
  std::string_view next_block() {
    const std::string_view block = ring_.await_block(BlockRing::Reader::first);
    if (block.empty()) ring_.check();
    return block;
  }
  void release_block() { ring_.release(BlockRing::Reader::first); }

  Digest finish() {
    hashing_.join();
    ring_.check();
    return hasher_.finish();
  }

 private:
  void fill(const std::stop_token& stop) {
    try {
      for (;;) {
        const std::span<char> room = ring_.await_room(stop);
        if (room.empty()) return;
        const std::size_t count = in_.read(room);
        if (count == 0) return ring_.end();
        ring_.put(count);
      }
    } catch (...) {
      ring_.end(std::current_exception());
    }
  }

  void hash(const std::stop_token& stop) {
    try {
      for (;;) {
        const std::string_view block = ring_.await_block(BlockRing::Reader::second, stop);
        if (block.empty()) return;
        hasher_.write(block);
        ring_.release(BlockRing::Reader::second);
      }
    } catch (...) {
      ring_.fail(std::current_exception());
    }
  }

  Source& in_;
  BlockRing ring_;
  Hasher hasher_;
  std::jthread filler_;
  std::jthread hashing_;
};

HashingAhead::HashingAhead(Source& in) {
  try {
    threads_ = std::make_unique<Threads>(in);
  } catch (const std::system_error& error) {
    fail_system(error.code().value(), "cannot start a thread");
  }
}

HashingAhead::~HashingAhead() = default;

std::size_t HashingAhead::read(std::span<char> buffer) {
  if (buffer.empty()) return 0;
  if (block_.empty()) next_block();
  if (block_.empty()) return 0;
  const std::size_t count = std::min(buffer.size(), block_.size());
  std::memcpy(buffer.data(), block_.data(), count);
  block_.remove_prefix(count);
  size_ += count;
  return count;
}

void HashingAhead::next_block() {
  if (has_block_) threads_->release_block();
  has_block_ = false;
  block_ = threads_->next_block();
  has_block_ = !block_.empty();
}

Digest HashingAhead::finish() { return threads_->finish(); }

void HashingAhead::stop() {
  threads_.reset();
  block_ = {};
}

}  // namespace strata
