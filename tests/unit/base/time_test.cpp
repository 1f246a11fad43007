#include "strata/base/time.hpp"

#include <doctest/doctest.h>
#include <time.h>

#include <random>

#include "strata/base/error.hpp"

using namespace strata;
using namespace std::chrono_literals;

TEST_CASE("the fraction has no trailing zeros") {
  const Time whole = from_unix_seconds(1'767'323'045);
  CHECK(rfc3339(whole) == "2026-01-02T03:04:05Z");
  CHECK(rfc3339(whole + 500ms) == "2026-01-02T03:04:05.5Z");
  CHECK(rfc3339(whole + 123456789ns) == "2026-01-02T03:04:05.123456789Z");
  CHECK(rfc3339(whole + 10ns) == "2026-01-02T03:04:05.00000001Z");
  CHECK(rfc3339(from_unix_seconds(0)) == "1970-01-01T00:00:00Z");
  CHECK(rfc3339(from_unix_seconds(0) - 1ns) == "1969-12-31T23:59:59.999999999Z");
}

TEST_CASE("writing and reading a time gives it back") {
  std::mt19937_64 random(8);
  for (int round = 0; round < 2000; ++round) {
    const Time time{std::chrono::nanoseconds(static_cast<std::int64_t>(random()))};
    CHECK(parse_rfc3339(rfc3339(time)) == time);
  }
}

TEST_CASE("dates agree with the C library") {
  std::mt19937_64 random(9);
  for (int round = 0; round < 2000; ++round) {
    const auto seconds = static_cast<time_t>(random() % 18'000'000'000) - 9'000'000'000;
    struct tm parts {};
    REQUIRE(::gmtime_r(&seconds, &parts));
    char text[32];
    ::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    CHECK(rfc3339(from_unix_seconds(seconds)) == text);
    CHECK(to_unix_seconds(from_unix_seconds(seconds)) == seconds);
  }
}

TEST_CASE("any offset is read") {
  const Time time = parse_rfc3339("2026-01-02T03:04:05Z");
  CHECK(parse_rfc3339("2026-01-02t03:04:05z") == time);
  CHECK(parse_rfc3339("2026-01-02T03:04:05-00:00") == time);
  CHECK(parse_rfc3339("2026-01-02T05:34:05+02:30") == time);
  CHECK(parse_rfc3339("2026-01-01T19:04:05-08:00") == time);
  CHECK(parse_rfc3339("2026-01-02T03:04:05.1234567899Z") == time + 123456789ns);
  CHECK(parse_rfc3339("2016-12-31T23:59:60Z") == parse_rfc3339("2017-01-01T00:00:00Z"));
  CHECK(parse_rfc3339("2024-02-29T00:00:00Z") > parse_rfc3339("2024-02-28T23:59:59Z"));
}

TEST_CASE("a time that nanoseconds cannot count is the nearest they can") {
  CHECK(parse_rfc3339("0001-01-01T00:00:00Z") == Time::min());
  CHECK(parse_rfc3339("9999-12-31T23:59:59.9Z") == Time::max());
  CHECK(from_unix_seconds(INT64_MAX) == Time::max());
  CHECK(from_unix_seconds(INT64_MIN) == Time::min());
}

TEST_CASE("what is no date-time is refused") {
  for (const char* text : {"",
                           "2026",
                           "2026-01-02",
                           "2026-01-02T03:04:05",
                           "2026-01-02 03:04:05Z",
                           "2026-13-02T03:04:05Z",
                           "2026-00-02T03:04:05Z",
                           "2026-02-29T03:04:05Z",
                           "2026-01-32T03:04:05Z",
                           "2026-01-02T24:04:05Z",
                           "2026-01-02T03:60:05Z",
                           "2026-01-02T03:04:61Z",
                           "2026-01-02T03:04:05.Z",
                           "2026-01-02T03:04:05+0200",
                           "2026-01-02T03:04:05+24:00",
                           "2026-01-02T03:04:05Z ",
                           " 2026-01-02T03:04:05Z",
                           "26-01-02T03:04:05Z",
                           "2026-1-2T03:04:05Z",
                           "-026-01-02T03:04:05Z"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_rfc3339(text), Error);
  }
}

TEST_CASE("ages are in the words of Docker") {
  const std::vector<std::pair<std::chrono::nanoseconds, std::string>> cases = {
      {-5s, "Less than a second ago"},
      {999ms, "Less than a second ago"},
      {1s, "1 second ago"},
      {59s, "59 seconds ago"},
      {60s, "About a minute ago"},
      {119s, "About a minute ago"},
      {3min, "3 minutes ago"},
      {59min, "59 minutes ago"},
      {60min, "About an hour ago"},
      {89min, "About an hour ago"},
      {90min, "2 hours ago"},
      {47h, "47 hours ago"},
      {48h, "2 days ago"},
      {24h * 13, "13 days ago"},
      {24h * 14, "2 weeks ago"},
      {24h * 59, "8 weeks ago"},
      {24h * 60, "2 months ago"},
      {24h * 365, "12 months ago"},
      {24h * 365 * 2, "2 years ago"},
      {24h * 365 * 55, "55 years ago"},
  };
  const Time reference = parse_rfc3339("2026-01-02T03:04:05.3Z");
  for (const auto& [age, text] : cases) CHECK(human_age(reference - age, reference) == text);
  CHECK(human_age(Time::min(), Time::max()) == "584 years ago");
}

TEST_CASE("the first and the last moment that can be counted can be said") {
  CHECK(rfc3339(Time::min()) == "1677-09-21T00:12:43.145224192Z");
  CHECK(rfc3339(Time::max()) == "2262-04-11T23:47:16.854775807Z");
}
