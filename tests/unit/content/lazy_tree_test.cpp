#include "strata/content/lazy_tree.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <thread>

#include "entries.hpp"

using namespace strata;
using namespace strata::test;

TEST_CASE("a lazy tree is read once for all its copies and by whichever thread is first") {
  std::atomic<int> reads = 0;
  const LazyTree tree([&] {
    ++reads;
    return std::make_shared<const Tree>(std::vector<Entry>{file("a")});
  });
  const LazyTree copy = tree;
  CHECK(reads == 0);
  {
    std::jthread one([&] { static_cast<void>(tree->find("a")); });
    std::jthread other([&] { static_cast<void>(copy->find("a")); });
  }
  CHECK(tree->find("a") != nullptr);
  CHECK(&*tree == &*copy);
  CHECK(reads == 1);
}

TEST_CASE("a lazy tree that could not be read is asked for again") {
  int reads = 0;
  const LazyTree tree([&]() -> std::shared_ptr<const Tree> {
    if (++reads == 1) throw std::runtime_error("gone");
    return std::make_shared<const Tree>();
  });
  CHECK_THROWS_AS(static_cast<void>(tree->empty()), std::runtime_error);
  CHECK(tree->empty());
  CHECK(reads == 2);
}
