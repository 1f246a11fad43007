#include "strata/dockerfile/duration.hpp"

#include <doctest/doctest.h>

#include <string>

namespace strata::dockerfile {

TEST_CASE("durations are sums of numbers with units") {
  constexpr std::int64_t second = 1'000'000'000;
  CHECK(parse_duration_ns("0") == 0);
  CHECK(parse_duration_ns("5s") == 5 * second);
  CHECK(parse_duration_ns("1m30s") == 90 * second);
  CHECK(parse_duration_ns("1h1m1s") == 3661 * second);
  CHECK(parse_duration_ns("1.5h") == 5400 * second);
  CHECK(parse_duration_ns(".5s") == second / 2);
  CHECK(parse_duration_ns("500ms") == second / 2);
  CHECK(parse_duration_ns("1us") == 1000);
  CHECK(parse_duration_ns("1µs") == 1000);
  CHECK(parse_duration_ns("1μs") == 1000);
  CHECK(parse_duration_ns("7ns") == 7);
  CHECK(parse_duration_ns("-2s") == -2 * second);
  CHECK(parse_duration_ns("+2s") == 2 * second);
}

TEST_CASE("anything else is no duration") {
  for (const char* text :
       {"", "5", "s", "5 s", "5d", "-", "1.s.", ".s", "1e3s", "9999999h", "5S"}) {
    CAPTURE(std::string(text));
    CHECK(parse_duration_ns(text) == std::nullopt);
  }
}

}  // namespace strata::dockerfile
