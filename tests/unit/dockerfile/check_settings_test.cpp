#include "strata/dockerfile/check_settings.hpp"

#include <doctest/doctest.h>

#include <set>

#include "strata/dockerfile/finding.hpp"
#include "strata/dockerfile/parse.hpp"

namespace strata::dockerfile {

TEST_CASE("check settings are read with blanks around names and values") {
  const auto settings = parse_check_settings(
      " skip = UndefinedVar , FromAsCasing ; error = true ; experimental = "
      "InvalidDefinitionDescription ");
  CHECK_FALSE(settings.reports(CheckRule::undefined_var));
  CHECK_FALSE(settings.reports(CheckRule::from_as_casing));
  CHECK(settings.reports(CheckRule::stage_name_casing));
  CHECK(settings.reports(CheckRule::invalid_definition_description));
  CHECK(settings.fails_build);
}

TEST_CASE("names of rules that there are not skip nothing") {
  CHECK(parse_check_settings("skip=NoSuchRule,undefinedvar") == CheckSettings{});
}

TEST_CASE("no check settings are the defaults") {
  CHECK(parse_check_settings("  ") == CheckSettings{});
  CHECK(CheckSettings{}.reports(CheckRule::undefined_var));
  CHECK(CheckSettings{}.reports(CheckRule::unpinned_base_image));
  CHECK_FALSE(CheckSettings{}.reports(CheckRule::invalid_definition_description));
}

TEST_CASE("skipping all reaches checks and hints but not what was asked for as experimental") {
  const auto settings = parse_check_settings("skip=all;experimental=InvalidDefinitionDescription");
  CHECK_FALSE(settings.reports(CheckRule::undefined_var));
  CHECK_FALSE(settings.reports(CheckRule::unpinned_base_image));
  CHECK(settings.reports(CheckRule::invalid_definition_description));
}

TEST_CASE("anything but the three check options is refused") {
  for (const char* text : {"skip", "=", "skip=A;", "error=", "error=yes", "skips=A", ";skip=A"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_check_settings(text), Error);
  }
}

TEST_CASE("every spelling of a truth value that Go knows is read") {
  for (const char* yes : {"1", "t", "T", "true", "TRUE", "True"}) {
    CHECK(parse_check_settings(std::string("error=") + yes).fails_build);
  }
  for (const char* no : {"0", "f", "F", "false", "FALSE", "False"}) {
    CHECK_FALSE(parse_check_settings(std::string("error=") + no).fails_build);
  }
}

TEST_CASE("a bad check directive is refused with its line") {
  const auto file = parse("# syntax=x\n# check=nothing\nFROM a\n", "Dockerfile");
  try {
    file_check_settings(file);
    FAIL("accepted");
  } catch (const SourceError& error) {
    CHECK(error.findings().front().lines == SourceRange{2, 2});
  }
}

TEST_CASE("comments add to the settings and never fail a build") {
  const auto outer = parse_check_settings("skip=FromAsCasing");
  const auto inner = with_comments(outer, {"why", "check=skip=UndefinedVar;error=true // because"});
  CHECK(inner == parse_check_settings("skip=FromAsCasing,UndefinedVar"));
  CHECK(with_comments(outer, {"check=skip"}) == outer);
  CHECK(with_comments(outer, {}) == outer);
}

TEST_CASE("every rule has a name a reason and a remedy of its own") {
  std::set<std::string_view> names;
  for (const RuleText& rule : check_rules()) {
    CAPTURE(rule.name);
    CHECK(names.insert(rule.name).second);
    CHECK_FALSE(rule.why.empty());
    CHECK_FALSE(rule.remedy.empty());
    CHECK(rule_url(rule.rule).empty() == rule.page.empty());
  }
}

}  // namespace strata::dockerfile
