#pragma once
/// The bytes of small files, between the look that a cache key needs and the layer that may follow.
/// Opening and reading a small file takes longer than all else that is done with it.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace strata {

/// Room that is given out and taken back as a whole, by destruction. Thread-safe.
class FileMemory {
 public:
  static constexpr std::uint64_t file_size_max = 128 << 10;

  /// At most `bytes_max` in all.
  explicit FileMemory(std::size_t bytes_max) : left_(bytes_max) {}

  /// Room for a file of `size` bytes; empty if it is larger than file_size_max, or no room is left.
  std::span<char> take(std::uint64_t size);

 private:
  struct Free {
    void operator()(char* block) const { std::free(block); }
  };

  bool add_block();

  std::mutex mutex_;
  std::size_t left_;
  std::vector<std::unique_ptr<char, Free>> blocks_;
  std::span<char> rest_;  ///< of the newest block
};

}  // namespace strata
