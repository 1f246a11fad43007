#include "strata/plan/ingredients.hpp"

#include <doctest/doctest.h>

#include <set>

#include "strata/base/error.hpp"

namespace strata::plan {

namespace {

Ingredients make(std::initializer_list<Ingredient> list) {
  Ingredients ingredients;
  for (const auto& [name, value] : list) ingredients.add(name, value);
  return ingredients;
}

}  // namespace

TEST_CASE("every ingredient changes the key") {
  const std::vector<Ingredient> all = {
      {"parent", "p"}, {"argv", "a"}, {"env A", ""}, {"user", "u"}, {"mount /x", "m"}};
  std::set<std::string> keys;
  const auto add = [&](const std::vector<Ingredient>& list) {
    Ingredients ingredients;
    for (const auto& [name, value] : list) ingredients.add(name, value);
    keys.insert(ingredients.key().hex());
  };
  add(all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto changed = all;
    changed[i].value += "x";
    add(changed);
    changed = all;
    changed[i].name += "x";
    add(changed);
    changed = all;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    add(changed);
  }
  CHECK(keys.size() == 1 + 3 * all.size());
}

TEST_CASE("order counts") {
  CHECK(make({{"a", "1"}, {"b", "2"}}).key() != make({{"b", "2"}, {"a", "1"}}).key());
}

TEST_CASE("texts cannot move from one ingredient to the next") {
  std::set<std::string> keys;
  keys.insert(make({{"a", "bc"}}).key().hex());
  keys.insert(make({{"ab", "c"}}).key().hex());
  keys.insert(make({{"", "abc"}}).key().hex());
  keys.insert(make({{"a", "b"}, {"c", ""}}).key().hex());
  keys.insert(make({{"a", ""}, {"b", "c"}}).key().hex());
  keys.insert(make({{"a", std::string("b\0c", 3)}}).key().hex());
  keys.insert(make({}).key().hex());
  CHECK(keys.size() == 7);
}

TEST_CASE("the key is the digest that the header promises") {
  // sha256 of: count 1, length 1, "a", length 2, "bc".
  const std::string framed("\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0a\2\0\0\0\0\0\0\0bc", 27);
  CHECK(make({{"a", "bc"}}).key().digest() == Digest::of(framed));
}

TEST_CASE("a name can be asked for and is there once") {
  auto ingredients = make({{"a", "1"}});
  REQUIRE(ingredients.find("a") != nullptr);
  CHECK(*ingredients.find("a") == "1");
  CHECK(ingredients.find("b") == nullptr);
  CHECK_THROWS_AS(ingredients.add("a", "2"), Error);
}

TEST_CASE("a thousand names are each found") {
  Ingredients ingredients;
  const auto name = [](int number) { return "env V" + std::to_string(number); };
  for (int i = 0; i < 1000; ++i) CHECK(ingredients.try_add(name(i), std::to_string(i)));
  for (int i = 0; i < 1000; ++i) {
    CHECK_FALSE(ingredients.try_add(name(i), "other"));
    CHECK(*ingredients.find(name(i)) == std::to_string(i));
  }
  CHECK(ingredients.find(name(1000)) == nullptr);
  CHECK(ingredients.list().size() == 1000);
  const Ingredients copy = ingredients;
  CHECK(*copy.find(name(999)) == "999");
  CHECK(copy == ingredients);
}

}  // namespace strata::plan
