#pragma once
/// Streams that hash what passes through them.

#include "strata/base/io.hpp"
#include "strata/base/span_log.hpp"
#include "strata/content/digest.hpp"

namespace strata {

/// Hashes and counts what is read of another source, which must outlive it.
class HashingSource : public Source {
 public:
  explicit HashingSource(Source& in) : in_(in) {}

  std::size_t read(std::span<char> buffer) override {
    const std::size_t count = in_.read(buffer);
    hasher_.write({buffer.data(), count});
    size_ += count;
    return count;
  }
  std::uint64_t size() const { return size_; }
  Digest finish() { return hasher_.finish(); }

 private:
  Source& in_;
  Hasher hasher_;
  std::uint64_t size_ = 0;
};

/// Hashes and counts what is written to another sink, which must outlive it, and counts into
/// `time`, which may be null, how long the hashing takes.
class HashingSink : public Sink {
 public:
  explicit HashingSink(Sink& out, SpanSum* time = nullptr) : out_(out), time_(time) {}
  /// Goes on: `out` has been given `size` bytes, which `begun` has hashed.
  HashingSink(Sink& out, SpanSum* time, Hasher begun, std::uint64_t size)
      : out_(out), time_(time), hasher_(std::move(begun)), size_(size) {}

  void write(std::string_view bytes) override {
    if (time_ != nullptr)
      time_->time([&] { hasher_.write(bytes); });
    else
      hasher_.write(bytes);
    out_.write(bytes);
    size_ += bytes.size();
  }
  std::uint64_t size() const { return size_; }
  const Hasher& hasher() const { return hasher_; }
  Digest finish() { return hasher_.finish(); }

 private:
  Sink& out_;
  SpanSum* time_;
  Hasher hasher_;
  std::uint64_t size_ = 0;
};

/// Reads to the end, for the sake of what that does on the way.
inline void drain(Source& source) {
  char buffer[64 << 10];
  while (source.read(buffer) > 0) {
  }
}

}  // namespace strata
