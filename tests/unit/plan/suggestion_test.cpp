#include "plan/suggestion.hpp"

#include <doctest/doctest.h>

namespace strata::plan {

TEST_CASE("a suggestion is at most two characters away and the first of the nearest") {
  CHECK(suggestion("PAHT", {"HOME", "PATH"}, "$") == " (did you mean $PATH?)");
  CHECK(suggestion("VERSOIN", {"VERSION"}) == " (did you mean VERSION?)");
  CHECK(suggestion("AB", {"AXX", "AX", "XB"}) == " (did you mean AX?)");
  CHECK(suggestion("ABCDEF", {"ABC"}).empty());
  CHECK(suggestion("A", {}).empty());
}

TEST_CASE("a name that is known needs no suggestion") {
  CHECK(suggestion("PATH", {"PATHS", "PATH"}).empty());
}

}  // namespace strata::plan
