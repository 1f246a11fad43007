#pragma once
/// Bytes of a source, read ahead and hashed while somebody makes something of them. Decoding a
/// layer, hashing its tar and writing its files each take long and must go front to back: so each
/// has a thread, and blocks go round between them.

#include <memory>
#include <string_view>

#include "strata/base/io.hpp"
#include "strata/content/digest.hpp"

namespace strata {

/// For one thread, which reads. Another reads `in` at most a few blocks ahead, a third hashes the
/// blocks; 1 MiB of memory is taken, whatever the sizes.
class HashingAhead : public Source {
 public:
  /// `in` is borrowed, and used by the other thread until `stop` returns. Error system if no
  /// threads can be had.
  explicit HashingAhead(Source& in);
  ~HashingAhead() override;
  HashingAhead(const HashingAhead&) = delete;
  HashingAhead& operator=(const HashingAhead&) = delete;

  /// What `in` throws is thrown here, behind the bytes that it gave before.
  std::size_t read(std::span<char> buffer) override;

  /// The digest of all bytes of `in`. To be called once, when `read` has come to the end.
  Digest finish();
  /// How many bytes `read` has given.
  std::uint64_t size() const { return size_; }

  /// Ends the other threads; waits for a read of `in` that is under way. Nothing can be read
  /// afterwards. Does nothing the second time.
  void stop();

 private:
  class Threads;
  void next_block();

  std::unique_ptr<Threads> threads_;
  std::string_view block_;  ///< what is left of the block that is being read
  bool has_block_ = false;
  std::uint64_t size_ = 0;
};

}  // namespace strata
