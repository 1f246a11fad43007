#include "strata/base/json.hpp"

#include <doctest/doctest.h>

#include <random>

#include "strata/base/error.hpp"

using namespace strata;

namespace {

std::string repeated(std::string_view text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

json::value random_value(std::mt19937& random, int depth) {
  switch (random() % (depth > 0 ? 8 : 6)) {
    case 0:
      return nullptr;
    case 1:
      return random() % 2 == 0;
    case 2:
      return static_cast<std::int64_t>(random()) - (1LL << 31);
    case 3:
      return UINT64_MAX - random();
    case 4:
      return "\x01\"\\/\xc3\xa4\n";
    case 5:
      return json::string(random() % 50, 'x');
    case 6: {
      json::array array;
      for (auto i = random() % 5; i > 0; --i) array.push_back(random_value(random, depth - 1));
      return array;
    }
    default: {
      json::object object;
      for (auto i = random() % 5; i > 0; --i) {
        object[std::to_string(random() % 100)] = random_value(random, depth - 1);
      }
      return object;
    }
  }
}

}  // namespace

TEST_CASE("any value comes back from its text and from its pretty text") {
  std::mt19937 random(10);
  for (int round = 0; round < 1000; ++round) {
    const json::value value = random_value(random, 5);
    CHECK(parse_json(to_text(value), "it") == value);
    CHECK(parse_json(to_pretty_text(value), "it") == value);
  }
}

TEST_CASE("keys keep their order and text is one line without blanks") {
  const auto value = parse_json(R"( { "b" : [ 1 , {} , [] ] , "a" : { "c" : null } } )", "it");
  CHECK(to_text(value) == R"({"b":[1,{},[]],"a":{"c":null}})");
  CHECK(to_pretty_text(value) ==
        "{\n  \"b\": [\n    1,\n    {},\n    []\n  ],\n  \"a\": {\n    \"c\": null\n  }\n}");
}

TEST_CASE("malformed documents are refused") {
  for (const std::string text : {"",
                                 " ",
                                 "{",
                                 "[1,]",
                                 "{\"a\":1,}",
                                 "{a:1}",
                                 "{'a':1}",
                                 "nul",
                                 "01",
                                 "1.",
                                 ".5",
                                 "+1",
                                 "NaN",
                                 "Infinity",
                                 "\"",
                                 "\"\n\"",
                                 "\"\\x\"",
                                 "\"\\ud800\"",
                                 "\"\\udc00\\ud800\"",
                                 "[1 2]",
                                 "// c\n1",
                                 "/* c */1",
                                 "\xef\xbb\xbf{}"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_json(text, "it"), Error);
  }
}

TEST_CASE("bytes that are not UTF-8 are refused in values and in keys") {
  for (const std::string bytes :
       {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80"}) {
    CHECK_THROWS_AS(parse_json("\"" + bytes + "\"", "it"), Error);
    CHECK_THROWS_AS(parse_json("{\"" + bytes + "\":1}", "it"), Error);
  }
  CHECK(parse_json("\"\\ud83d\\udc33\"", "it") == "\xf0\x9f\x90\xb3");
}

TEST_CASE("only one document and blanks may be there") {
  CHECK(parse_json("1 \n\t\r", "it") == 1);
  for (const char* text : {"1 1", "{}{}", "{} x", "[]]"}) {
    CHECK_THROWS_AS(parse_json(text, "it"), Error);
  }
  CHECK_THROWS_AS(parse_json(std::string_view("{}\0", 3), "it"), Error);
}

TEST_CASE("a key that comes twice is refused and named with its place") {
  try {
    parse_json("{\"a\": {\"b\": 1,\n  \"b\": 2}}", "manifest");
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::corrupt);
    CHECK(error.message().find("manifest is not valid JSON: duplicate key \"b\" at line 2") == 0);
  }
  CHECK_THROWS_AS(parse_json(R"({"a":1,"\u0061":2})", "it"), Error);
  CHECK_THROWS_AS(parse_json(R"({"":1,"":2})", "it"), Error);
  CHECK_NOTHROW(parse_json(R"({"a":{"a":1},"b":{"a":1},"A":[{"a":1},{"a":1}]})", "it"));
}

TEST_CASE("nesting is allowed to 64 and no deeper") {
  CHECK_NOTHROW(parse_json(repeated("[", 64) + repeated("]", 64), "it"));
  CHECK_THROWS_AS(parse_json(repeated("[", 65) + repeated("]", 65), "it"), Error);
  CHECK_THROWS_AS(parse_json(repeated("{\"a\":", 65) + "1" + repeated("}", 65), "it"), Error);
  CHECK_THROWS_AS(parse_json(repeated("[", 1'000'000), "it"), Error);
}

TEST_CASE("long strings and keys with escapes arrive whole") {
  const std::string text = repeated("0123456789\\n\\u00e4", 10'000);
  const std::string expected = repeated("0123456789\n\xc3\xa4", 10'000);
  const auto value = parse_json("{\"" + text + "\":\"" + text + "\"}", "it");
  CHECK(JsonObject(value, "it").string(expected) == expected);
}

TEST_CASE("members are read by their type") {
  const auto value = parse_json(
      R"({"s":"text","i":-5,"u":7,"t":true,"n":null,"l":["a","b"],"m":{"k":"v"},
          "o":{"x":1},"os":[{"x":1},{"x":2}]})",
      "it");
  const JsonObject object(value, "it");
  CHECK(object.string("s") == "text");
  CHECK(object.string_or("n", "else") == "else");
  CHECK(object.integer("i") == -5);
  CHECK(object.integer_or("u", 0) == 7);
  CHECK(object.integer_or("missing", 3) == 3);
  CHECK(object.boolean_or("t", false));
  CHECK_FALSE(object.boolean_or("missing", false));
  CHECK(object.strings("l") == std::vector<std::string>{"a", "b"});
  CHECK(object.strings("n").empty());
  CHECK(object.string_map("m") == std::map<std::string, std::string>{{"k", "v"}});
  CHECK(object.object("o").integer("x") == 1);
  CHECK_FALSE(object.find_object("n"));
  CHECK(object.find("n") == nullptr);
  REQUIRE(object.objects("os").size() == 2);
  CHECK(object.objects("os")[1].integer("x") == 2);
}

TEST_CASE("a member of the wrong type is named with its document") {
  const auto value =
      parse_json(R"({"s":1,"i":"x","d":1.5,"w":1.0,"big":18446744073709551615,"t":1,"l":["a",1],
                     "m":{"k":1},"o":[],"os":[{}, 1]})",
                 "it");
  const JsonObject object(value, "config");
  CHECK_THROWS_WITH(object.string("s"), "config: member \"s\" is not a string");
  CHECK_THROWS_WITH(object.string("none"), "config: member \"none\" is missing");
  for (const char* key : {"i", "d", "w", "big"}) CHECK_THROWS_AS(object.integer(key), Error);
  CHECK_THROWS_AS(object.boolean_or("t", true), Error);
  CHECK_THROWS_AS(object.strings("l"), Error);
  CHECK_THROWS_AS(object.strings("s"), Error);
  CHECK_THROWS_AS(object.string_map("m"), Error);
  CHECK_THROWS_WITH(object.object("o"), "config.o is not a JSON object");
  CHECK_THROWS_WITH(object.objects("os"), "config.os[1] is not a JSON object");
  CHECK_THROWS_AS(JsonObject(json::value(1), "config"), Error);
}
