#include "content/ordered_hasher.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <thread>
#include <vector>

using namespace strata;

namespace {

std::vector<std::string> make_blocks(std::size_t count) {
  std::vector<std::string> blocks;
  for (std::size_t i = 0; i < count; ++i)
    blocks.emplace_back(100 + 37 * i, static_cast<char>('a' + i % 26));
  return blocks;
}

Digest hash_all(const std::vector<std::string>& blocks) {
  Hasher hasher;
  for (const std::string& block : blocks) hasher.write(block);
  return hasher.finish();
}

}  // namespace

TEST_CASE("blocks are hashed in the order of their numbers, whatever the order they come in") {
  const auto blocks = make_blocks(50);
  std::vector<std::size_t> order(blocks.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::shuffle(order.begin(), order.end(), std::mt19937(1));
  const SpanScope spans;
  OrderedHasher hasher(spans);
  for (const std::size_t number : order) hasher.put(number, blocks[number]);
  hasher.await(blocks.size() - 1);
  CHECK(hasher.finish() == hash_all(blocks));
}

TEST_CASE("several threads may bring blocks and wait for them") {
  const auto blocks = make_blocks(400);
  const SpanScope spans;
  OrderedHasher hasher(spans);
  std::vector<std::thread> threads;
  for (std::size_t first = 0; first < 4; ++first) {
    threads.emplace_back([&, first] {
      for (std::size_t number = first; number < blocks.size(); number += 4)
        hasher.put(number, blocks[number]);
    });
  }
  for (std::size_t number = 0; number < blocks.size(); ++number) hasher.await(number);
  for (std::thread& thread : threads) thread.join();
  CHECK(hasher.finish() == hash_all(blocks));
}

TEST_CASE("no block at all has the digest of nothing") {
  const SpanScope spans;
  CHECK(OrderedHasher(spans).finish() == Digest::of(""));
}
