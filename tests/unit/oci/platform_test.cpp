#include "strata/oci/platform.hpp"

#include <doctest/doctest.h>

#include "strata/base/error.hpp"

using namespace strata;
using namespace strata::oci;

TEST_CASE("platforms are normalised as containerd does") {
  CHECK(to_string(parse_platform("linux/x86_64")) == "linux/amd64");
  CHECK(to_string(parse_platform("Linux/AMD64")) == "linux/amd64");
  CHECK(to_string(parse_platform("linux/aarch64")) == "linux/arm64");
  CHECK(to_string(parse_platform("linux/arm64/v8")) == "linux/arm64");
  CHECK(to_string(parse_platform("linux/arm64/v9")) == "linux/arm64/v9");
  CHECK(to_string(parse_platform("linux/arm")) == "linux/arm/v7");
  CHECK(to_string(parse_platform("linux/arm/6")) == "linux/arm/v6");
  CHECK(to_string(parse_platform("linux/armhf")) == "linux/arm/v7");
  CHECK(to_string(parse_platform("armel")) == "linux/arm/v6");
  CHECK(to_string(parse_platform("i686")) == "linux/386");
  CHECK(parse_platform("linux") == host_platform());
}

TEST_CASE("printing and reading a platform gives it back") {
  for (const char* text : {"linux/amd64", "linux/arm/v6", "windows/arm64", "linux/riscv64"}) {
    CHECK(to_string(parse_platform(text)) == text);
  }
}

TEST_CASE("a text that is no platform is refused") {
  for (const char* text :
       {"", "/", "linux/", "linux//v8", "a/b/c/d", "linux/../..", "lin ux/a", "nonsense", "v7"}) {
    CHECK_THROWS_AS(parse_platform(text), Error);
  }
}

TEST_CASE("an image serves its own platform and any variant when one side names none") {
  const Platform v7{"linux", "arm", "v7"};
  CHECK(serves(v7, v7));
  CHECK(serves({"linux", "arm", ""}, v7));
  CHECK_FALSE(serves({"linux", "arm", "v6"}, v7));
  CHECK_FALSE(serves({"linux", "arm64", ""}, v7));
  CHECK_FALSE(serves({"windows", "arm", "v7"}, v7));
}
