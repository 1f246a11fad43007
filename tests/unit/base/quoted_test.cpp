// Text from outside shown to people.

#include <doctest/doctest.h>

#include <random>

#include "strata/base/text.hpp"

using namespace strata;

TEST_CASE("plain text and foreign letters stay readable") {
  CHECK(quoted("") == "\"\"");
  CHECK(quoted("a b/c") == "\"a b/c\"");
  CHECK(quoted("na\xc3\xafve \xe2\x82\xac \xf0\x9f\x90\xb3") ==
        "\"na\xc3\xafve \xe2\x82\xac \xf0\x9f\x90\xb3\"");
}

TEST_CASE("quotes and backslashes and controls are escaped") {
  CHECK(quoted("a\"b\\c") == R"("a\"b\\c")");
  CHECK(quoted("\n\r\t") == R"("\n\r\t")");
  CHECK(quoted("\x1b[31m\x7f") == R"("\x1b[31m\x7f")");
  CHECK(quoted(std::string_view("\0", 1)) == R"("\x00")");
}

TEST_CASE("what a terminal would act on or what hides text is escaped in its long form too") {
  CHECK(quoted("\xc2\x9b") == R"("\xc2\x9b")");          // C1: CSI
  CHECK(quoted("\xe2\x80\xae") == R"("\xe2\x80\xae")");  // right-to-left override
  CHECK(quoted("\xe2\x80\x8b") == R"("\xe2\x80\x8b")");  // zero-width space
}

TEST_CASE("bytes that are not UTF-8 are escaped one by one") {
  CHECK(quoted("\xff") == R"("\xff")");
  CHECK(quoted("\xc0\xaf") == R"("\xc0\xaf")");          // overlong slash
  CHECK(quoted("\xed\xa0\x80") == R"("\xed\xa0\x80")");  // surrogate
  CHECK(quoted("\xf4\x90\x80\x80") == R"("\xf4\x90\x80\x80")");
  CHECK(quoted("\xe2\x82") == R"("\xe2\x82")");
  CHECK(quoted("\xe2x") == R"("\xe2x")");
}

TEST_CASE("no bytes break out of the quotes") {
  std::mt19937 random(3);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random() % 20, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const auto text = quoted(bytes);
    REQUIRE(text.size() >= 2);
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
      CHECK(static_cast<unsigned char>(text[i]) >= 0x20);
      CHECK(text[i] != '"');
      if (text[i] == '\\') ++i;
    }
    CHECK(text.back() == '"');
  }
}
