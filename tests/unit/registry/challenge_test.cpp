#include "registry/challenge.hpp"

#include <doctest/doctest.h>

#include "registry/authorization.hpp"

using namespace strata;
using namespace strata::registry;

TEST_CASE("a challenge has a scheme and parameters in either kind of value") {
  const auto challenges = parse_challenges(
      R"(Bearer realm="https://auth.example/token",service=registry.example , scope="repository:a/b:pull,push")");
  REQUIRE(challenges.size() == 1);
  CHECK(challenges[0].scheme == "bearer");
  CHECK(challenges[0].parameters.at("realm") == "https://auth.example/token");
  CHECK(challenges[0].parameters.at("service") == "registry.example");
  CHECK(challenges[0].parameters.at("scope") == "repository:a/b:pull,push");
}

TEST_CASE("several challenges stand in one field or in several") {
  const auto in_one = parse_challenges(R"(Negotiate, Basic realm="a, b", Bearer realm="c\"d")");
  REQUIRE(in_one.size() == 3);
  CHECK(in_one[0] == Challenge{"negotiate", {}});
  CHECK(in_one[1].parameters.at("realm") == "a, b");
  CHECK(in_one[2].parameters.at("realm") == "c\"d");
  const auto in_two = challenges_of({{"www-authenticate", "Basic realm=x"},
                                     {"X", "Bearer realm=y"},
                                     {"WWW-Authenticate", "Bearer realm=z"}});
  REQUIRE(in_two.size() == 2);
  CHECK(in_two[1].parameters.at("realm") == "z");
}

TEST_CASE("a malformed challenge ends the list and nothing else") {
  CHECK(parse_challenges("").empty());
  CHECK(parse_challenges("=\"x\"").empty());
  CHECK(parse_challenges("realm=x").empty());
  const auto cut = parse_challenges(R"(Basic realm=x, Bearer realm="never closed)");
  REQUIRE(cut.size() == 2);
  CHECK(cut[0].parameters.at("realm") == "x");
  CHECK(cut[1].parameters.empty());
}

TEST_CASE("credentials are shown to token services of the same host or domain alone") {
  CHECK(is_kindred("registry.gitlab.com", "gitlab.com"));
  CHECK(is_kindred("registry-1.docker.io", "auth.docker.io"));
  CHECK(is_kindred("127.0.0.1", "127.0.0.1"));
  CHECK(is_kindred("localhost", "LOCALHOST"));
  CHECK_FALSE(is_kindred("registry.example", "registry.example.evil.org"));
  CHECK_FALSE(is_kindred("notdocker.io", "docker.io"));
  CHECK_FALSE(is_kindred("10.0.0.1", "11.1.0.1"));
  CHECK_FALSE(is_kindred("127.0.0.1", "localhost"));
  CHECK_FALSE(is_kindred("[fd00::1]", "[fd00::2]"));
}
