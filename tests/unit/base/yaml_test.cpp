// YAML as the JSON that it stands for, and all that is refused.

#include "strata/base/yaml.hpp"

#include <doctest/doctest.h>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata {

namespace {

std::string read(const std::string& text) { return to_text(parse_yaml(text, "x.yaml")); }

/// The message with which a text is refused.
std::string refusal(const std::string& text) {
  try {
    read(text);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::corrupt);
    return error.what();
  }
  return "was read";
}

bool has_text(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("maps and lists in both styles are objects and arrays") {
  CHECK(read("a: 1\nb:\n- x\n- {c: [d, e]}\n") == R"({"a":1,"b":["x",{"c":["d","e"]}]})");
  CHECK(read("--- \n# comment\nkey: |\n  two\n  lines\n...\n") == R"({"key":"two\nlines\n"})");
  CHECK(read("1: a\ntrue: b\n") == R"({"1":"a","true":"b"})");
  CHECK(read("") == "null");
}

TEST_CASE("values without quotes have the type that they look like") {
  CHECK(read("[1, -2, +3, 0x1f, 0o17, 0660, 0]") == "[1,-2,3,31,15,432,0]");
  CHECK(read("[true, False, ~, null, ]") == "[true,false,null,null]");
  CHECK(read("[1.5, 1e3, -.5]") == "[1.5E0,1E3,-5E-1]");
  CHECK(read("[yes, 1.2.3, 0x, 1_000, +-1, '-', a=b]") ==
        R"(["yes","1.2.3","0x","1_000","+-1","-","a=b"])");
  CHECK(read("['1', \"true\", !!str 2, ! 3]") == R"(["1","true","2","3"])");
  CHECK(read("99999999999999999999") == "1E20");
}

TEST_CASE("JSON is YAML") {
  for (const std::string text :
       {R"({"a":[1,-2,3.5,true,null,"x\ty\u0001é\\"],"b":{},"c":[],"":"1"})", R"("x")", "[[[[]]]]"})
    CHECK(read(text) == to_text(parse_json(text, "json")));
}

TEST_CASE("an alias is a copy of what stands before it") {
  CHECK(read("a: &x {b: 1}\nc: *x\nd: [*x]\n") == R"({"a":{"b":1},"c":{"b":1},"d":[{"b":1}]})");
  CHECK(read("[&x 1, &x 2, *x]") == "[1,2,2]");
  CHECK(has_text(refusal("a: &x [*x]\n"), "means nothing that stands before it"));
  CHECK(has_text(refusal("[*y, &y 1]"), "\"y\""));
}

TEST_CASE("copies of copies end before the memory does") {
  std::string laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
  for (int i = 1; i < 12; ++i)
    laughs += cat("a", i, ": &a", i, " [", repeated(cat("*a", i - 1, ", "), 9), "]\n");
  CHECK(has_text(refusal(laughs), "with all its aliases larger"));
  const std::string large(1 << 20, 'x');
  CHECK(has_text(refusal(cat("- &x ", large, "\n", repeated("- *x\n", 100))), "with all its"));
  std::string nested;
  for (int i = 0; i < 60; ++i) nested += cat("&n", i, " [");
  CHECK(has_text(refusal(cat(nested, repeated("1,", 20'000), repeated("]", 60))), "with all its"));
}

TEST_CASE("nesting has an end") {
  CHECK(read(repeated("[", 64) + repeated("]", 64)).size() == 128);
  CHECK(has_text(refusal(repeated("[", 65) + repeated("]", 65)), "nested deeper than 64"));
  CHECK(has_text(refusal(repeated("[", 100'000)), "nested deeper than 64"));
  CHECK(has_text(refusal(repeated("- ", 100'000)), "nested deeper than 64"));
}

TEST_CASE("what has two meanings or none here is refused at its line") {
  CHECK(refusal("a: 1\nb: 2\na: 3\n").starts_with("x.yaml:3: invalid YAML: the key \"a\""));
  CHECK(has_text(refusal("a: &x {b: 1}\nc:\n  <<: *x\n"), "x.yaml:3"));
  CHECK(has_text(refusal("? [a]\n: b\n"), "expected a key"));
  CHECK(has_text(refusal("a: !!binary aGk=\n"), "binary"));
  CHECK(has_text(refusal("a: !!int x\n"), "int"));
  CHECK(has_text(refusal("a: !mine {b: c}\n"), "!mine"));
  CHECK(has_text(refusal("a: 1\n---\nb: 2\n"), "found another one"));
  for (const std::string broken :
       {"a: b: c", "\"a", "\ta: b", "a: \xff", "%BAD\n---\na", "a: @b"}) {
    CAPTURE(broken);
    CHECK(refusal(broken).starts_with("x.yaml:1: invalid YAML: "));
  }
}

}  // namespace strata
