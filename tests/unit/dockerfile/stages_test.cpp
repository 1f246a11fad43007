#include "strata/dockerfile/stages.hpp"

#include <doctest/doctest.h>

#include "strata/dockerfile/parse.hpp"

namespace strata::dockerfile {
namespace {

std::vector<Finding> findings_of(const std::string& text) {
  return check_structure(parse(text, "Dockerfile"));
}

}  // namespace

TEST_CASE("a file is cut into global arguments and stages") {
  const File file = parse(
      "ARG base=a\nARG tag\nFROM $base:$tag AS Build\nRUN x\nCOPY . /\n"
      "from --platform=linux/arm64 b\nFROM build as last\nCMD c\n",
      "Dockerfile");
  const Stages stages = split_stages(file);
  CHECK(stages.global_args.size() == 2);
  REQUIRE(stages.stages.size() == 3);
  CHECK(stages.stages[0].name == "build");
  CHECK(stages.stages[0].written_name == "Build");
  CHECK(stages.stages[0].image == "$base:$tag");
  CHECK(stages.stages[0].instructions.size() == 2);
  CHECK(stages.stages[0].platform == std::nullopt);
  CHECK(stages.stages[1].name.empty());
  CHECK(stages.stages[1].platform == "linux/arm64");
  CHECK(stages.stages[1].instructions.empty());
  CHECK(stages.stages[2].index == 2);
  CHECK(stages.stages[2].from->lines == SourceRange{7, 7});
}

TEST_CASE("stages are found by name in any case and by index") {
  const File file = parse("FROM a AS one\nFROM b\nFROM c AS one\nFROM d AS x2\n", "Dockerfile");
  const Stages stages = split_stages(file);
  const auto index_of = [](const Stage* stage) { return stage ? stage->index : -1; };
  CHECK(index_of(stages.find("ONE")) == 2);
  CHECK(index_of(stages.find("x2")) == 3);
  CHECK(index_of(stages.find("1")) == 1);
  CHECK(index_of(stages.find("4")) == -1);
  CHECK(index_of(stages.find("")) == -1);
  CHECK(index_of(stages.find("-1")) == -1);
  CHECK(index_of(stages.find("99999999999999999999")) == -1);
  CHECK(index_of(stages.find_before(2, "one")) == 0);
  CHECK(index_of(stages.find_before(2, "2")) == -1);
  CHECK(index_of(stages.find_before(2, "1")) == 1);
  CHECK(index_of(stages.find_before(0, "0")) == -1);
}

TEST_CASE("names of stages begin with a letter and have no symbols") {
  for (const char* name : {"a", "build-1", "a.b_c-d", "z9"}) CHECK(is_stage_name(name));
  for (const char* name : {"", "1a", "-a", "A", "a b", "a/b", "a:b", "ä", "$a"}) {
    CHECK(!is_stage_name(name));
  }
}

TEST_CASE("all mistakes are found at once and in order") {
  const auto findings = findings_of("RUN early\nFROM a AS 1x\nCOYP a b\nUSER\nRUN --nope x\n");
  REQUIRE(findings.size() == 5);
  CHECK(findings[0].suggestion == "only ARG may stand there");
  CHECK(findings[1].message.starts_with("invalid name for build stage: \"1x\""));
  CHECK(findings[2].suggestion == "did you mean COPY?");
  CHECK(findings[3].message == "USER requires exactly one argument");
  CHECK(findings[4].message == "unknown flag: --nope");
  for (std::size_t i = 0; i < findings.size(); ++i) {
    CHECK(findings[i].lines.first_line == static_cast<int>(i) + 1);
  }
}

TEST_CASE("a thousand stages are enough") {
  std::string text;
  for (std::size_t i = 0; i < stage_count_max; ++i) text += "FROM a\n";
  CHECK(findings_of(text).empty());
  const auto findings = findings_of(text + "FROM a\nFROM a\n");
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].message == "more than 1000 stages");
}

TEST_CASE("a file without FROM has nothing to build") {
  const auto findings = findings_of("ARG a\n");
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].message == "dockerfile contains no stages to build");
}

}  // namespace strata::dockerfile
