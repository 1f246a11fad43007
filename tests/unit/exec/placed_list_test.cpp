#include "exec/placed_list.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>

#include "strata/base/path.hpp"
#include "strata/base/text.hpp"

using namespace strata;
using namespace strata::exec;

namespace {

/// What the list should do, done plainly: the number of each path's last item.
using Model = std::map<std::string, std::uint32_t, PathLess>;

PlacedItem numbered(std::uint32_t number) {
  PlacedItem item;
  item.layer = number;
  return item;
}

std::string random_path(std::mt19937& dice) {
  std::string path = cat("d", dice() % 5);
  while (dice() % 3 != 0) path += cat("/", dice() % 7);
  return path;
}

bool holds_the_same(PlacedList& list, const Model& model) {
  const auto& items = list.sorted();
  return std::equal(items.begin(), items.end(), model.begin(), model.end(),
                    [](const PlacedItem& item, const auto& expected) {
                      return item.path == expected.first && item.layer == expected.second;
                    });
}

}  // namespace

TEST_CASE("a list of what is placed does as a map would in whatever order paths come") {
  std::mt19937 dice(1);
  for (int round = 0; round < 50; ++round) {
    PlacedList list;
    Model model;
    for (std::uint32_t number = 0; number < 300; ++number) {
      const std::string path = random_path(dice);
      const PlacedItem* there = list.find(path);
      REQUIRE((there != nullptr) == model.contains(path));
      if (there != nullptr) CHECK(there->layer == model.at(path));
      if (dice() % 20 == 0) {
        list.erase_within(path);
        std::erase_if(model, [&](const auto& item) { return is_within(item.first, path); });
      } else {
        list.put(path, numbered(number));
        model.insert_or_assign(path, number);
      }
    }
    CHECK(holds_the_same(list, model));
  }
}

TEST_CASE("a list of what is placed stays fast when all paths come in reverse") {
  PlacedList list;
  Model model;
  for (std::uint32_t number = 100'000; number > 0; --number) {
    const std::string path = std::to_string(1'000'000 + number);
    list.put(path, numbered(number));
    model.emplace(path, number);
  }
  CHECK(holds_the_same(list, model));
}

TEST_CASE("texts stay where they are when more come and when the arena moves") {
  TextArena arena;
  const std::string long_text(200'000, 'y');
  const auto first = arena.keep("first");
  const auto second = arena.keep(long_text);
  for (int i = 0; i < 20'000; ++i) arena.keep("filling");
  const TextArena moved = std::move(arena);
  CHECK(first == "first");
  CHECK(second == long_text);
}
