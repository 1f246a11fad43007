// JSON for machines; the golden tests hold its shape.
#include "strata/dockerfile/print.hpp"

#include <doctest/doctest.h>

#include "strata/base/json.hpp"
#include "strata/dockerfile/parse.hpp"

namespace strata::dockerfile {

TEST_CASE("bytes that are not UTF-8 are replaced in JSON and kept in text") {
  const File file = parse(
      "RUN a\xFF"
      "b\xC3\n",
      "f");
  const json::value tree = parse_json(to_json(file), "tree");
  CHECK(tree.at("instructions").at(0).at("args").at(0) == "a\uFFFDb\uFFFD");
  CHECK(to_text(file).find("a\xFF"
                           "b\xC3\n") != std::string::npos);
}

TEST_CASE("an error becomes an object with message and line") {
  try {
    parse("FROM a\nENV x\n", "f");
    FAIL("no error");
  } catch (const SourceError& error) {
    const json::value object = parse_json(to_json(error), "error");
    CHECK(object.at("error").at("line") == 2);
    CHECK(object.at("error").at("message").as_string().starts_with("ENV must have two arguments"));
  }
}

TEST_CASE("odd logical lines are printed so that they read the same") {
  for (const char* text :
       {"RUN x\\ \\", "\\\n  RUN x", "RUN a\r\\", "\\", "\\\n \\", "RUN x\\\\\n"}) {
    CAPTURE(std::string(text));
    const File file = parse(text, "f");
    const File again = parse(to_text(file), "f");
    REQUIRE(again.instructions.size() == 1);
    CHECK(again.instructions[0].original == file.instructions[0].original);
  }
}

}  // namespace strata::dockerfile
