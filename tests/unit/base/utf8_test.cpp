#include "strata/base/utf8.hpp"

#include <doctest/doctest.h>

namespace strata {

TEST_CASE("characters of every length are read") {
  CHECK(first_character("a").code == U'a');
  CHECK(first_character("\u00e4x").code == U'\u00e4');
  CHECK(first_character("\u20ac").size == 3);
  CHECK(first_character("\U0001F600").code == U'\U0001F600');
}

TEST_CASE("what RFC 3629 forbids is a stray byte") {
  for (const char* text : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80",
                           "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xff", "\xe2\x82"}) {
    const Character character = first_character(text);
    CHECK(character.is_stray);
    CHECK(character.size == 1);
    CHECK(character.code == 0xdc00 + static_cast<unsigned char>(text[0]));
  }
}

TEST_CASE("valid text stays and each byte that is none becomes a replacement character") {
  const std::string bad = "\xef\xbf\xbd";
  struct {
    std::string bytes;
    std::string text;
  } const rows[] = {{"", ""},
                    {"plain", "plain"},
                    {"é€😀", "é€😀"},
                    {std::string("a\0b", 3), std::string("a\0b", 3)},
                    {"a\xff", "a" + bad},
                    {"\xe9t\xe9", bad + "t" + bad},
                    {"\xe2\x82", bad + bad},
                    {"\xc0\x80", bad + bad},
                    {"\xed\xa0\x80", bad + bad + bad},
                    {"\xf4\x90\x80\x80", bad + bad + bad + bad},
                    {"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
                    {"\x80", bad},
                    {"eight by\xfftes and nine", "eight by" + bad + "tes and nine"},
                    {"before\xc3\xa9 \xe9 behind it", "beforeé " + bad + " behind it"}};
  for (const auto& row : rows) CHECK(valid_utf8(row.bytes) == row.text);
}

}  // namespace strata
