// JSON for machines; the golden tests hold its shape.
#include "strata/dockerfile/print.hpp"

#include <doctest/doctest.h>

#include <random>

#include "strata/base/json.hpp"
#include "strata/dockerfile/parse.hpp"

namespace strata::dockerfile {
namespace {

/// A text of pieces that mean something together, most of it nonsense.
std::string random_text(std::mt19937& random) {
  constexpr std::string_view pieces[] = {"FROM a\n",
                                         "RUN ",
                                         "COPY ",
                                         "ENV a=b",
                                         "ONBUILD ",
                                         "# c\n",
                                         "#\n",
                                         "\\\n",
                                         "\\ \n",
                                         "\n",
                                         "\r\n",
                                         "\t",
                                         " ",
                                         "\\",
                                         "`",
                                         "\"",
                                         "'",
                                         "<<E",
                                         "<<-\"E\" 2<<F",
                                         "\nE\n",
                                         "\nF\n",
                                         "$x",
                                         "--f",
                                         "--g=\"h i\" ",
                                         "[\"a\"]",
                                         "LABEL ",
                                         "ARG q ",
                                         "HEALTHCHECK ",
                                         "CMD x",
                                         "#",
                                         "\\\\",
                                         "\xC2\xA0",
                                         "MAINTAINER",
                                         "\v",
                                         "x",
                                         "=",
                                         "VOLUME [] ",
                                         "\r",
                                         "E",
                                         "SHELL "};
  constexpr std::string_view heads[] = {"", "# escape=`\n", "# syntax=a\n# escape=\\\n"};
  std::string text(heads[random() % 3]);
  for (std::size_t i = 1 + random() % 16; i > 0; --i) text += pieces[random() % std::size(pieces)];
  return text;
}

std::optional<File> find_file(const std::string& text) {
  try {
    return parse(text, "f");
  } catch (const SourceError&) {
    return std::nullopt;
  }
}

/// What printing keeps.
bool reads_the_same(const File& left, const File& right) {
  if (left.instructions.size() != right.instructions.size()) return false;
  for (std::size_t i = 0; i < left.instructions.size(); ++i) {
    Instruction a = left.instructions[i];
    Instruction b = right.instructions[i];
    a.lines = b.lines = {};
    a.sub = b.sub = nullptr;  // a part of `original`
    if (!(a == b)) return false;
  }
  return left.escape == right.escape;
}

}  // namespace

TEST_CASE("whatever parses is printed so that it reads the same") {
  std::mt19937 random(3);
  int parsed = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = random_text(random);
    const auto file = find_file(text);
    if (!file) continue;
    ++parsed;
    const auto again = find_file(to_text(*file));
    CHECK_MESSAGE((again && reads_the_same(*file, *again)), text);
  }
  CHECK(parsed > 5'000);
}

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
