// Excerpts and the texts of errors.
#include "strata/dockerfile/excerpt.hpp"

#include <doctest/doctest.h>

#include "strata/base/error.hpp"

namespace strata::dockerfile {
namespace {

File file_of(std::string text) {
  File file;
  file.name = "Dockerfile";
  file.text = std::move(text);
  return file;
}

}  // namespace

TEST_CASE("the lines meant are marked between their neighbours") {
  const File file = file_of("one\ntwo\nthree\r\nfour\nfive\nsix\nseven\n");
  CHECK(excerpt(file, {4, 5}) ==
        "--------------------\n"
        "   2 |     two\n"
        "   3 |     three\n"
        "   4 | >>> four\n"
        "   5 | >>> five\n"
        "   6 |     six\n"
        "   7 |     seven\n"
        "--------------------");
  CHECK(excerpt(file, {1, 1}).starts_with("--------------------\n   1 | >>> one\n"));
}

TEST_CASE("places outside the file have no excerpt") {
  CHECK(excerpt(file_of(""), {1, 1}).empty());
  CHECK(excerpt(file_of("one\n"), {0, 0}).empty());
  CHECK(excerpt(file_of("one\n"), {9, 9}).empty());
}

TEST_CASE("terminals are not driven by what a line holds") {
  const std::string shown = excerpt(file_of("RUN \x1b[2J\x07 x\n"), {1, 1});
  CHECK(shown.find("RUN ?[2J? x") != std::string::npos);
}

TEST_CASE("long lines and long ranges are cut") {
  const std::string shown = excerpt(file_of(std::string(5000, 'x')), {1, 1});
  CHECK(shown.size() < 300);
  std::string text;
  for (int i = 1; i <= 500; ++i) text += "line " + std::to_string(i) + "\n";
  const std::string cut = excerpt(file_of(text), {10, 490});
  CHECK(cut.size() < 1000);
  CHECK(cut.find("     | ...\n 490 | >>> line 490\n") != std::string::npos);
}

TEST_CASE("an error says place and cause and way out") {
  const File file = file_of("FROM a\nCOYP x y\n");
  try {
    fail_at(file, {2, 2}, "unknown instruction: COYP", "did you mean COPY?");
  } catch (const SourceError& error) {
    CHECK(error.kind() == ErrorKind::dockerfile);
    CHECK(error.message().starts_with(
        "Dockerfile:2: unknown instruction: COYP (did you mean COPY?)\n-----"));
    CHECK(error.findings()[0].lines == SourceRange{2, 2});
  }
}

TEST_CASE("errors without a place are given one and others pass") {
  const File file = file_of("FROM a\nRUN x\n");
  CHECK(at_lines(file, {2, 2}, [] { return 7; }) == 7);
  CHECK_THROWS_AS(at_lines(file, {2, 2}, [] { fail(ErrorKind::dockerfile, "bad"); }), SourceError);
  try {
    at_lines(file, {2, 2}, [] { fail(ErrorKind::system, "disk full"); });
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::system);
    CHECK(error.message() == "disk full");
  }
}

TEST_CASE("of very many findings the first are shown") {
  const File file = file_of("FROM a\n");
  const SourceError error(file, std::vector<Finding>(1000, Finding{{1, 1}, "bad", {}}));
  CHECK(error.message().ends_with("… and 980 more"));
  CHECK(error.findings().size() == 1000);
}

}  // namespace strata::dockerfile
