#include "strata/store/slot_table.hpp"

#include <doctest/doctest.h>

using namespace strata;
using namespace strata::store;

namespace {

Digest digest(int number) { return Digest::of(std::to_string(number)); }

}  // namespace

TEST_CASE("slots are read back, and their bytes do not depend on the order they came in") {
  SlotTable up, down;
  for (int i = 0; i < 100; ++i) up.set(digest(i), digest(1000 + i));
  for (int i = 99; i >= 0; --i) down.set(digest(i), digest(1000 + i));
  CHECK(up.encode() == down.encode());
  CHECK(up.encode().size() == 100 * 64);
  const SlotTable back = SlotTable::decode(up.encode());
  for (int i = 0; i < 100; ++i) {
    REQUIRE(back.find(digest(i)) != nullptr);
    CHECK(*back.find(digest(i)) == digest(1000 + i));
  }
  CHECK(back.find(digest(100)) == nullptr);
}

TEST_CASE("only what differs is a change") {
  SlotTable table;
  CHECK(table.set(digest(1), digest(2)));
  CHECK_FALSE(table.set(digest(1), digest(2)));
  CHECK(table.set(digest(1), digest(3)));
  CHECK(*table.find(digest(1)) == digest(3));
}

TEST_CASE("newer slots replace older ones, and the others stay") {
  SlotTable table, newer;
  table.set(digest(1), digest(10));
  table.set(digest(2), digest(20));
  newer.set(digest(2), digest(21));
  newer.set(digest(3), digest(30));
  table.set_all(newer);
  CHECK(*table.find(digest(1)) == digest(10));
  CHECK(*table.find(digest(2)) == digest(21));
  CHECK(*table.find(digest(3)) == digest(30));
}

TEST_CASE("bytes that are no table are an empty one") {
  CHECK(SlotTable::decode("").empty());
  CHECK(SlotTable::decode(to_string(digest(1))).empty());
  CHECK(SlotTable::decode(std::string(63, 'x')).empty());
}
