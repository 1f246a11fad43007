#include "strata/base/text.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <random>

using namespace strata;

namespace {

struct Named {
  std::string name;
};
std::string to_string(const Named& named) { return named.name; }

std::string random_bytes(std::mt19937& random, std::size_t size_max) {
  std::string bytes(random() % (size_max + 1), '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

}  // namespace

TEST_CASE("cat takes text and characters and integers and things that name themselves") {
  CHECK(cat("a", std::string("b"), 'c', 12, -3L, UINT64_MAX, Named{"n"}) ==
        "abc12-318446744073709551615n");
  CHECK(cat() == "");
}

TEST_CASE("join undoes split") {
  CHECK(split("a,,b", ',') == std::vector<std::string>{"a", "", "b"});
  CHECK(split("", ',') == std::vector<std::string>{""});
  CHECK(split(",", ',') == std::vector<std::string>{"", ""});
  std::mt19937 random(1);
  for (int round = 0; round < 500; ++round) {
    const auto text = random_bytes(random, 30);
    const char separator = text.empty() ? ',' : text[random() % text.size()];
    CHECK(join(split(text, separator), std::string(1, separator)) == text);
  }
}

TEST_CASE("trim takes blanks off both ends only") {
  CHECK(trim(" \t a b \r\n") == "a b");
  CHECK(trim(" \n") == "");
  CHECK(trim("") == "");
  CHECK(trim("--a-b-", "-") == "a-b");
}

TEST_CASE("case changes touch ASCII letters only") {
  CHECK(to_lower("AZaz09\xc3\x84[@") == "azaz09\xc3\x84[@");
  CHECK(to_upper("AZaz09\xc3\xa4{`") == "AZAZ09\xc3\xa4{`");
}

TEST_CASE("only a whole decimal number that fits is a number") {
  CHECK(parse_decimal("0") == 0);
  CHECK(parse_decimal("007") == 7);
  CHECK(parse_decimal("18446744073709551615") == UINT64_MAX);
  for (const char* text :
       {"", " 1", "1 ", "+1", "-1", "1.0", "0x1", "1e3", "18446744073709551616"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_decimal(text));
  }
}

TEST_CASE("sizes read as Docker shows them") {
  const std::vector<std::pair<std::uint64_t, std::string>> cases = {
      {0, "0B"},
      {1, "1B"},
      {999, "999B"},
      {1000, "1kB"},
      {1024, "1.02kB"},
      {812'345, "812kB"},
      {999'499, "999kB"},
      {999'500, "1MB"},
      {1'000'000, "1MB"},
      {4'260'000, "4.26MB"},
      {77'800'000, "77.8MB"},
      {1'120'000'000, "1.12GB"},
      {UINT64_MAX, "18.4EB"},
  };
  for (const auto& [bytes, text] : cases) CHECK(human_size(bytes) == text);
}

TEST_CASE("durations read as people say them and never show sixty of anything") {
  CHECK(human_duration(0) == "0ms");
  CHECK(human_duration(850) == "850ms");
  CHECK(human_duration(999) == "999ms");
  CHECK(human_duration(1000) == "1.0s");
  CHECK(human_duration(2400) == "2.4s");
  CHECK(human_duration(59'999) == "59.9s");
  CHECK(human_duration(60'000) == "1m0s");
  CHECK(human_duration(192'999) == "3m12s");
  CHECK(human_duration(3'599'999) == "59m59s");
  CHECK(human_duration(3'600'000) == "1h0m");
  CHECK(human_duration(90'000'000) == "25h0m");
}

TEST_CASE("hexadecimal goes both ways") {
  CHECK(to_hex(std::string_view("\x00\x7f\xff", 3)) == "007fff");
  std::mt19937 random(2);
  for (int round = 0; round < 500; ++round) {
    const auto bytes = random_bytes(random, 40);
    CHECK(from_hex(to_hex(bytes)) == bytes);
  }
  for (const char* text : {"0", "0g", "AB", " 0", "0x"}) CHECK_FALSE(from_hex(text));
}

TEST_CASE("base 64 goes both ways and nothing else is any") {
  CHECK(to_base64("") == "");
  CHECK(to_base64("f") == "Zg==");
  CHECK(to_base64("fo") == "Zm8=");
  CHECK(to_base64("foobar") == "Zm9vYmFy");
  std::string bytes;
  for (int i = 0; i < 600; ++i) {
    CHECK(from_base64(to_base64(bytes)) == bytes);
    bytes += static_cast<char>(i * 37);
  }
  CHECK(from_base64("Zg") == "f");
  for (const char* text : {"Z", "Zm9vY", "Zg=Zg", "Z g=", "Zg==\n", "Zm-_", "\xff\xff"}) {
    CAPTURE(text);
    CHECK_FALSE(from_base64(text));
  }
}
