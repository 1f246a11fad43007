#include "plan/variables.hpp"

#include <doctest/doctest.h>

namespace strata::plan {

TEST_CASE("variables stand in the order in which they were defined last") {
  Variables variables;
  variables.define("B", "1");
  variables.define("A", "2");
  variables.define("B", "3");
  CHECK(variables.names() == std::vector<std::string>{"A", "B"});
  CHECK(variables.find("B") == "3");
  CHECK(variables.find("C") == std::nullopt);
}

TEST_CASE("variables that are too large are left out and that is known") {
  Variables variables;
  variables.define("A", std::string(variables_size_max / 2, 'x'));
  variables.define("A", std::string(variables_size_max / 2, 'y'));
  CHECK(variables.complete());
  variables.define("B", std::string(variables_size_max / 2, 'z'));
  CHECK_FALSE(variables.complete());
  CHECK(variables.find("B") == std::nullopt);
  CHECK(variables.names() == std::vector<std::string>{"A"});
}

}  // namespace strata::plan
