// Limits, single instructions and frontends; what a file of many forms gives is in the golden
// tests.
#include "strata/dockerfile/parse.hpp"

#include <doctest/doctest.h>

#include <chrono>

#include "strata/dockerfile/finding.hpp"
#include "strata/dockerfile/stages.hpp"

namespace strata::dockerfile {
namespace {

Finding finding_of(const std::string& text) {
  try {
    parse(text, "Dockerfile");
  } catch (const SourceError& error) {
    REQUIRE(error.findings().size() == 1);
    return error.findings()[0];
  }
  return {{}, "no error", {}};
}

bool says(const Finding& finding, std::string_view words) {
  return finding.message.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("a line may have 65535 bytes and no more") {
  const std::string longest = "RUN " + std::string(line_size_max - 4, 'x');
  CHECK(parse(longest, "f").instructions[0].original == longest);
  CHECK(parse(longest + "\n", "f").instructions.size() == 1);
  const Finding finding = finding_of("FROM a\n" + longest + "xx\nRUN y\n");
  CHECK(says(finding, "line greater than maximum allowed size"));
  CHECK(finding.lines.first_line == 2);
}

TEST_CASE("continuations and heredocs may make an instruction longer than a line") {
  std::string text = "RUN x";
  for (int i = 0; i < 100; ++i) text += "\\\n" + std::string(60'000, 'y');
  CHECK(parse(text, "f").instructions[0].original.size() == 5 + 100 * 60'000);
  const Finding finding = finding_of("RUN <<E\n" + std::string(line_size_max + 1, 'z') + "\nE\n");
  CHECK(says(finding, "line greater than maximum allowed size"));
}

TEST_CASE("a file may have eight mebibytes and no more") {
  const std::string line = std::string(1023, '#') + "\n";
  std::string text = "FROM a\n";
  while (text.size() <= file_size_max) text += line;
  CHECK(says(finding_of(text), "bytes; at most"));
}

TEST_CASE("very many instructions are refused") {
  std::string text;
  for (std::size_t i = 0; i <= instruction_count_max; ++i) text += "FROM a\n";
  CHECK(says(finding_of(text), "more than 100000 instructions"));
}

TEST_CASE("a tower of ONBUILDs is refused before it is high") {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "ONBUILD \\\n";
  CHECK(says(finding_of(text + "RUN x\n"), "Chaining ONBUILD"));
}

TEST_CASE("no text of a mebibyte takes long or is refused for its size") {
  // Each would take minutes if something were done once more for every piece of the text.
  const auto times = [](std::string_view piece) {
    std::string text;
    while (text.size() < 1 << 20) text += piece;
    return text;
  };
  const std::string texts[] = {
      "FROM a\nRUN x" + times("\\\n# c\n"),
      "FROM a\nRUN x" + times("\\\n\n"),
      "FROM a\nRUN x \\\n" + times("<<E \\\n"),
      "FROM a\nENV " + times("a=\"b\" \\\n"),
      "FROM a\nCOPY \\\n" + times("--x=\"y z\" \\\n") + "a b\n",
      "FROM a\nRUN [\\\n" + times("\"x\", \\\n") + "\"x\"]\n",
      "FROM a\nRUN [\\\n" + times("[[[[[[[[[[ \\\n") + "]\n",
      "FROM a\nRUN <<E\n" + times("\t\t\tE \n") + "E\n",
      times("# comment\n") + "FROM a\n",
      times("FROM a\nONBUILD RUN x\nLABEL a=$b 'c\n"),
  };
  for (const std::string& text : texts) {
    CAPTURE(text.substr(0, 40));
    const auto begin = std::chrono::steady_clock::now();
    try {
      check_structure(parse(text, "f"));
    } catch (const SourceError& error) {
      CHECK(!says(error.findings()[0], "bytes"));
    }
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
  }
}

TEST_CASE("a zero byte is a character like any other") {
  const std::string text("FROM a\nCOPY --chown=\0x a\0b c\n", 29);
  const Instruction copy = parse(text, "f").instructions[1];
  REQUIRE(copy.flags.size() == 1);
  CHECK(copy.flags[0].value == std::string("\0x", 2));
  CHECK(copy.args == std::vector<std::string>{std::string("a\0b", 3), "c"});
}

TEST_CASE("an error knows its lines") {
  CHECK(finding_of("").lines == SourceRange{1, 1});
  CHECK(finding_of("FROM a\n\nENV x\n").lines == SourceRange{3, 3});
  CHECK(finding_of("FROM a\nRUN [\"a\", \\\n  1]\n").lines == SourceRange{2, 3});
  CHECK(finding_of("FROM a\nRUN <<E\nx\ny").lines == SourceRange{2, 2});
  CHECK(finding_of("# escape=x\nFROM a\n").lines == SourceRange{1, 1});
  CHECK(finding_of("#escape=`\n# escape=`\n").lines == SourceRange{2, 2});
}

TEST_CASE("a stored trigger is read as an instruction of its own") {
  const Instruction run = parse_instruction("RUN <<EOF\nhello\nEOF");
  CHECK(run.keyword == Keyword::run);
  REQUIRE(run.heredocs.size() == 1);
  CHECK(run.heredocs[0].content == "hello\n");
  const Instruction env = parse_instruction("ENV a=b` c", '`');
  REQUIRE(env.pairs.size() == 1);
  CHECK(env.pairs[0].value == "b` c");
  CHECK_THROWS_AS(parse_instruction("RUN a\nRUN b"), SourceError);
  CHECK_THROWS_AS(parse_instruction("# nothing"), SourceError);
}

TEST_CASE("a trigger has the place and the documents of the ONBUILD that stores it") {
  const File file = parse("FROM a\nONBUILD COPY <<A /x\nbody\nA\n", "f");
  const Instruction& onbuild = file.instructions[1];
  REQUIRE(onbuild.sub);
  CHECK(onbuild.sub->lines == SourceRange{2, 4});
  CHECK(onbuild.sub->heredocs == onbuild.heredocs);
  CHECK(onbuild.heredocs.size() == 1);
}

TEST_CASE("ARG has words and pairs") {
  const File file = parse("ARG a b= c=\"d e\" =x\n", "f");
  const Instruction& arg = file.instructions[0];
  CHECK(arg.args == std::vector<std::string>{"a", "b=", "c=\"d e\"", "=x"});
  REQUIRE(arg.pairs.size() == 4);
  CHECK(arg.pairs[0] == Pair{"a", std::nullopt, false});
  CHECK(arg.pairs[1] == Pair{"b", "", false});
  CHECK(arg.pairs[2] == Pair{"c", "\"d e\"", false});
  CHECK(arg.pairs[3] == Pair{"", "x", false});
}

TEST_CASE("directives are found by name") {
  const File file = parse("# Escape = `\n#check=skip=all;error=true\nFROM a\n", "f");
  CHECK(file.escape == '`');
  CHECK(find_directive(file, "escape") == "`");
  CHECK(find_directive(file, "check") == "skip=all;error=true");
  CHECK(find_directive(file, "syntax") == std::nullopt);
}

TEST_CASE("the frontend of a file is found in three formats") {
  CHECK(detect_syntax("# syntax=docker/dockerfile:1\nFROM a\n") == "docker/dockerfile:1");
  CHECK(detect_syntax("# escape=`\n#SYNTAX = a/b  with args\n") == "a/b");
  CHECK(detect_syntax("\xEF\xBB\xBF# syntax=a\n") == "a");
  CHECK(detect_syntax("#!/usr/bin/build\n# syntax=a\n") == "a");
  CHECK(detect_syntax("// syntax=a\n{}") == "a");
  CHECK(detect_syntax("{\"syntax\": \"a\", \"x\": 1}") == "a");
  CHECK(detect_syntax("{\"syntax\": 1}") == std::nullopt);
  CHECK(detect_syntax("FROM a\n# syntax=b\n") == std::nullopt);
  CHECK(detect_syntax("# hello\n# syntax=b\n") == std::nullopt);
  CHECK(detect_syntax("") == std::nullopt);
}

}  // namespace strata::dockerfile
