#include "content/hashing_ahead.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "content/block_ring.hpp"
#include "strata/base/error.hpp"
#include "unit/content/streams.hpp"

using namespace strata;
using namespace strata::test;

namespace {

/// Fails behind its bytes.
class FailingSource : public Source {
 public:
  explicit FailingSource(std::string_view bytes) : bytes_(bytes) {}
  std::size_t read(std::span<char> buffer) override {
    const std::size_t count = bytes_.read(buffer);
    if (count == 0) fail(ErrorKind::corrupt, "the source failed");
    return count;
  }

 private:
  ViewSource bytes_;
};

/// Never ends; counts what was asked of it.
class EndlessSource : public Source {
 public:
  std::size_t read(std::span<char> buffer) override {
    std::fill(buffer.begin(), buffer.end(), 'x');
    given_ += buffer.size();
    return buffer.size();
  }
  std::uint64_t given() const { return given_; }

 private:
  std::atomic<std::uint64_t> given_ = 0;
};

std::string text_of(Source& source, std::size_t piece) {
  std::string text;
  std::string buffer(piece, '\0');
  while (const std::size_t count = source.read(buffer)) text.append(buffer, 0, count);
  return text;
}

}  // namespace

TEST_CASE("what another thread read ahead comes whole and in order with its digest") {
  for (const std::size_t size : {0u, 1u, 262'144u, 262'145u, 5'000'000u}) {
    const std::string bytes = noise(size);
    for (const std::size_t piece : {7'000u, 262'144u, 1'000'000u}) {
      DribblingSource in(bytes, 300'000);
      HashingAhead ahead(in);
      CHECK(text_of(ahead, piece) == bytes);
      CHECK(ahead.size() == size);
      CHECK(ahead.finish() == Digest::of(bytes));
    }
  }
}

TEST_CASE("the error of a source in another thread comes behind the bytes that it gave") {
  const std::string bytes = noise(3'000'000);
  FailingSource in(bytes);
  HashingAhead ahead(in);
  std::string text(bytes.size(), '\0');
  std::size_t filled = 0;
  while (filled < text.size()) filled += ahead.read(std::span(text).subspan(filled));
  CHECK(text == bytes);
  char more[1];
  CHECK_THROWS_WITH_AS(ahead.read(more), "the source failed", Error);
  CHECK_THROWS_AS(ahead.finish(), Error);
}

TEST_CASE("a thread reads no further ahead than fits the ring") {
  EndlessSource in;
  HashingAhead ahead(in);
  std::string piece(1000, '\0');
  CHECK(ahead.read(piece) == piece.size());
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(in.given() <= BlockRing::block_size * BlockRing::blocks_max);
}

TEST_CASE("threads that read ahead can be given up at any time") {
  for (int round = 0; round < 100; ++round) {
    EndlessSource in;
    HashingAhead ahead(in);
    std::string piece(round * 20'000 + 1, '\0');
    if (round % 3 != 0) CHECK(ahead.read(piece) > 0);
    if (round % 2 != 0) ahead.stop();
  }
}

TEST_CASE("a reader that cannot go on ends the other threads") {
  BlockRing ring;
  std::jthread filler([&](const std::stop_token& stop) {
    while (!ring.await_room(stop).empty()) ring.put(1);
  });
  CHECK_FALSE(ring.await_block(BlockRing::Reader::first).empty());
  ring.fail(std::make_exception_ptr(Error(ErrorKind::system, "no hash")));
  filler.join();
  CHECK(ring.await_block(BlockRing::Reader::first).empty());
  CHECK_THROWS_WITH_AS(ring.check(), "no hash", Error);
}
