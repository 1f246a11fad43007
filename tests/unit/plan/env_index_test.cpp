#include "plan/env_index.hpp"

#include <doctest/doctest.h>

#include "strata/oci/image_config.hpp"

namespace strata::plan {

using Env = std::vector<std::string>;

TEST_CASE("variables are found, replaced in place and put at the end") {
  Env env = {"A=1", "B=", "no sign"};
  EnvIndex index(env);
  CHECK(index.find("A") == "1");
  CHECK(index.find("B") == "");
  CHECK(index.find("no sign") == std::nullopt);
  index.set("A", "x=y");
  index.set("C", "3");
  CHECK(env == Env{"A=x=y", "B=", "no sign", "C=3"});
  CHECK(index.find("A") == "x=y");
  CHECK(index.find("C") == "3");
}

TEST_CASE("a variable that a base defines twice is the last, and once when it is set") {
  const Env base = {"A=1", "B=2", "A=3", "C=4"};
  Env env = base;
  EnvIndex index(env);
  CHECK(index.find("A") == oci::find_env(base, "A"));
  index.set("A", "5");
  Env expected = base;
  oci::set_env(expected, "A", "5");
  CHECK(env == expected);
  CHECK(index.find("C") == "4");
  index.set("C", "6");
  CHECK(env == Env{"A=5", "B=2", "C=6"});
}

}  // namespace strata::plan
