#include "http/unproxied.hpp"

#include <doctest/doctest.h>

using namespace strata::http;

TEST_CASE("a name stands for itself and all names below it") {
  for (const char* list : {"example.org", ".example.org", "a, EXAMPLE.org", "x example.org."}) {
    CHECK(is_unproxied(list, "example.org"));
    CHECK(is_unproxied(list, "Registry.Example.org"));
    CHECK_FALSE(is_unproxied(list, "anexample.org"));
    CHECK_FALSE(is_unproxied(list, "org"));
  }
  CHECK_FALSE(is_unproxied("", "example.org"));
  CHECK_FALSE(is_unproxied(",. ,", "example.org"));
  CHECK(is_unproxied("b,*", "example.org"));
  CHECK_FALSE(is_unproxied("*.org", "example.org"));
}

TEST_CASE("an address is compared as one and a network by its bits") {
  CHECK(is_unproxied("127.0.0.1", "127.0.0.1"));
  CHECK_FALSE(is_unproxied("0.0.1", "127.0.0.1"));
  CHECK(is_unproxied("10.0.0.0/8", "10.200.3.4"));
  CHECK_FALSE(is_unproxied("10.0.0.0/8", "11.0.0.1"));
  CHECK(is_unproxied("192.168.3.128/25", "192.168.3.200"));
  CHECK_FALSE(is_unproxied("192.168.3.128/25", "192.168.3.100"));
  CHECK_FALSE(is_unproxied("10.0.0.0/33", "10.0.0.0"));
  CHECK_FALSE(is_unproxied("10.0.0.0/", "10.0.0.0"));
  CHECK(is_unproxied("::1", "[::1]"));
  CHECK(is_unproxied("[::1]", "[0:0::1]"));
  CHECK(is_unproxied("fd00::/8", "[fd12::3]"));
  CHECK_FALSE(is_unproxied("fd00::/8", "[fe80::1]"));
  CHECK(is_unproxied("0.0.0.0/0", "8.8.8.8"));
  CHECK_FALSE(is_unproxied("0.0.0.0/0", "[::1]"));
}
