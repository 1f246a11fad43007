#pragma once
/// A few blocks of bytes that one thread fills, over and over, and several others read.

#include <array>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string_view>

namespace strata {

/// Every reader gets every block, in order; a block is filled anew when all have released it. What
/// waits here ends when its stop token says so, and when a reader has failed.
class BlockRing {
 public:
  /// Two readers, each of which is one thread.
  enum class Reader { first, second };

  static constexpr std::size_t block_size = 256 << 10;
  static constexpr std::size_t blocks_max = 4;

  BlockRing();

  /// The filling thread's: a whole block to be filled; empty if it shall end.
  std::span<char> await_room(const std::stop_token& stop);
  /// So many bytes of that block are filled; not 0.
  void put(std::size_t size);
  /// There is nothing more, because of the error if there is one.
  void end(std::exception_ptr error = nullptr);

  /// A reader's: the next block; empty behind the last one, and if it shall end.
  std::string_view await_block(Reader reader, const std::stop_token& stop = {});
  /// The block that it got last is no longer used.
  void release(Reader reader);
  /// A reader cannot go on: nobody gets anything more.
  void fail(std::exception_ptr error);
  /// Throws the error that ended it, if one did.
  void check() const;

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };
  Block& block(std::uint64_t number) { return blocks_[number % blocks_max]; }
  std::uint64_t& released_by(Reader reader) { return released_[static_cast<std::size_t>(reader)]; }

  std::array<Block, blocks_max> blocks_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::uint64_t filled_ = 0;                 ///< blocks, ever
  std::array<std::uint64_t, 2> released_{};  ///< blocks, ever, by each reader
  bool has_ended_ = false;
  bool is_broken_ = false;
  std::exception_ptr error_;
};

}  // namespace strata
