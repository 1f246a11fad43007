// Every form of expansion, both escape characters, and the limits.
#include "strata/dockerfile/words.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <map>

#include "strata/base/error.hpp"

namespace strata::dockerfile {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

Environment environment_of(Variables variables) {
  return [variables = std::move(variables)](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

const Variables usual = {
    {"HOME", "/root"},   {"EMPTY", ""},           {"V", "a.b.c"},      {"TWO", "one  two"},
    {"PATH_", "/u/bin"}, {"STAR", "a*b*c"},       {"한글", "hangul"},  {"P", "*."},
    {"TAG", "v1.2-rc"},  {"URL", "http://x/y/z"}, {"Q", "say \"hi\""},
};

struct Case {
  const char* text;
  const char* expected;  ///< null: an error
};

std::string expanded(const char* text, char escape = '\\') {
  try {
    return Expander(environment_of(usual), escape).word(text);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::dockerfile);
    return "(error)";
  }
}

template <std::size_t count>
void check_all(const Case (&cases)[count], char escape = '\\') {
  for (const Case& each : cases) {
    CAPTURE(std::string(each.text));
    CHECK(expanded(each.text, escape) == (each.expected ? each.expected : "(error)"));
  }
}

}  // namespace

TEST_CASE("quotes and escapes are removed as a shell does") {
  check_all({
      {"", ""},
      {"plain", "plain"},
      {"two words", "two words"},
      {"a'b'c", "abc"},
      {"'single $HOME'", "single $HOME"},
      {"\"double $HOME\"", "double /root"},
      {R"('back\slash')", R"(back\slash)"},
      {R"("back\slash")", R"(back\slash)"},
      {R"(back\slash)", "backslash"},
      {R"("esc\"aped")", "esc\"aped"},
      {R"("esc\$HOME")", "esc$HOME"},
      {R"("esc\\$HOME")", "esc\\/root"},
      {R"(esc\ aped)", "esc aped"},
      {R"(end\)", "end"},
      {R"(end\\)", R"(end\)"},
      {R"(it\'s)", "it's"},
      {R"("it's")", "it's"},
      {R"('say "hi"')", "say \"hi\""},
      {R"("")", ""},
      {"$Q", "say \"hi\""},
      {"it's", nullptr},
      {"\"open", nullptr},
      {R"("open\")", nullptr},
      {R"('open\')", R"(open\)"},
  });
}

TEST_CASE("with a backtick as escape character the backslash is an ordinary one") {
  check_all(
      {
          {R"(C:\dir\$HOME)", "C:\\dir\\/root"},
          {"`$HOME", "$HOME"},
          {"\"`$HOME`\"\"", "$HOME\""},
          {"a`", "a"},
          {"``", "`"},
          {"${NONE:-`}}", "}"},
      },
      '`');
}

TEST_CASE("a dollar without a name is a dollar") {
  check_all({
      {"$", "$"},
      {"a$", "a$"},
      {"$.", "$."},
      {"$ HOME", "$ HOME"},
      {"\\$HOME", "$HOME"},
      {"\\${HOME}", "${HOME}"},
      {"\"$\"", "$"},
      {"$/", "$/"},
  });
}

TEST_CASE("names are letters and digits, numbers, or one special character") {
  check_all({
      {"$HOME", "/root"},
      {"$HOME/bin", "/root/bin"},
      {"${HOME}bin", "/rootbin"},
      {"$HOMEbin", ""},
      {"$PATH_", "/u/bin"},
      {"$한글!", "hangul!"},
      {"$HOME，", "/root，"},
      {"$1x", "x"},
      {"$12ab", "ab"},
      {"${1}x", "x"},
      {"${12:-d}", "d"},
      {"$@@", "@"},
      {"$*$#$?$-$$$!$0", ""},
      {"${@:-d}", "d"},
      {"${#:+d}", ""},
      {"$NONE", ""},
      {"${NONE}", ""},
  });
}

TEST_CASE("defaults and alternatives look at unset or also at empty") {
  check_all({
      {"${HOME:-d}", "/root"}, {"${EMPTY:-d}", "d"},    {"${NONE:-d}", "d"},
      {"${HOME-d}", "/root"},  {"${EMPTY-d}", ""},      {"${NONE-d}", "d"},
      {"${HOME:+a}", "a"},     {"${EMPTY:+a}", ""},     {"${NONE:+a}", ""},
      {"${HOME+a}", "a"},      {"${EMPTY+a}", "a"},     {"${NONE+a}", ""},
      {"${HOME:?m}", "/root"}, {"${EMPTY?m}", ""},      {"${EMPTY:?m}", nullptr},
      {"${NONE?m}", nullptr},  {"${NONE:?m}", nullptr}, {"${NONE?}", nullptr},
      {"${NONE:-}", ""},
  });
}

TEST_CASE("the operand of a substitution is expanded in turn") {
  check_all({
      {"${NONE:-$HOME}", "/root"},
      {"${NONE:-${NONE:-deep}}", "deep"},
      {"${NONE:-'single $HOME'}", "single $HOME"},
      {"${NONE:-\"a}b\"}", "a}b"},
      {R"(${NONE:-a\}b})", "a}b"},
      {"${NONE:-a b}", "a b"},
      {"${NONE:-{x}", "{x"},
      {"${NONE:-x}}", "x}"},
      {"${V#${P}}", "b.c"},
      {"${NONE:-\\$HOME}", "$HOME"},
      {"\"${NONE:-\"q\"}\"", "q"},
  });
}

TEST_CASE("patterns cut the shortest or the longest match off an end") {
  check_all({
      {"${V#*.}", "b.c"},        {"${V##*.}", "c"},
      {"${V%.*}", "a.b"},        {"${V%%.*}", "a"},
      {"${V#a}", ".b.c"},        {"${V#b}", "a.b.c"},
      {"${V%c}", "a.b."},        {"${V%b}", "a.b.c"},
      {"${V#?}", ".b.c"},        {"${V%??}", "a.b"},
      {"${V#*}", "a.b.c"},       {"${V##*}", ""},
      {"${V%*}", "a.b.c"},       {"${V%%*}", ""},
      {"${V#}", "a.b.c"},        {"${V##}", "a.b.c"},
      {R"(${STAR#a\*})", "b*c"}, {R"(${STAR%\**})", "a*b"},
      {R"(${STAR%%\**})", "a"},  {R"(${STAR#a\?})", "a*b*c"},
      {"${NONE#x}", ""},         {"${V#*.*.}", "c"},
      {"${V#[ab]}", "a.b.c"},    {"${한글#?}", "angul"},
      {R"(${V#\a})", nullptr},   {R"(${V%\.})", nullptr},
      {"${V:#a}", nullptr},      {"${V:%a}", nullptr},
      {"${V:##a}", nullptr},
  });
}

TEST_CASE("patterns are replaced once or everywhere") {
  check_all({
      {"${V/./-}", "a-b.c"},
      {"${V//./-}", "a-b-c"},
      {"${V/x/-}", "a.b.c"},
      {"${V/a*c/x}", "x"},
      {"${V//?/x}", "xxxxx"},
      {"${V//*/x}", "x"},
      {"${V/./}", "ab.c"},
      {"${V//./}", "abc"},
      {"${V//./$HOME}", "a/rootb/rootc"},
      {R"(${URL//\//:})", "http:::x:y:z"},
      {R"(${URL/http:\/\//})", "x/y/z"},
      {R"(${STAR//\*/+})", "a+b+c"},
      {"${EMPTY/x/y}", ""},
      {"${EMPTY//*/y}", "y"},
      {"${V//"
       "/x}",
       "xax.xbx.xcx"},
      {"${NONE/x/y}", ""},
      {"${V/b}", nullptr},
      {"${V//b}", nullptr},
      {"${V/b/", nullptr},
      {R"(${V/\b/x})", nullptr},
  });
}

TEST_CASE("malformed substitutions are errors") {
  check_all({
      {"${", nullptr},
      {"${}", nullptr},
      {"${HOME", nullptr},
      {"${HOME:", nullptr},
      {"${HOME:-", nullptr},
      {"${HOME:-x", nullptr},
      {"${:-x}", nullptr},
      {"${{HOME}}", nullptr},
      {"${.}", nullptr},
      {"${HOME=x}", nullptr},
      {"${HOME:=x}", nullptr},
      {"${HOME^}", nullptr},
      {"${HOME:x}", nullptr},
      {"${HOME }", nullptr},
      {"${NONE:-'x}", nullptr},
  });
}

TEST_CASE("a required variable gives its own words as the reason") {
  const auto reason = [](const char* text) {
    try {
      return Expander(environment_of(usual)).word(text);
    } catch (const Error& error) {
      return error.message();
    }
  };
  CHECK(reason("${NONE:?set it to $HOME}").find("NONE: set it to /root") != std::string::npos);
  CHECK(reason("${NONE?}").find("NONE: is not allowed to be unset") != std::string::npos);
  CHECK(reason("${EMPTY:?}").find("EMPTY: is not allowed to be empty") != std::string::npos);
}

TEST_CASE("words are split where white space is neither quoted nor escaped") {
  using Words = std::vector<std::string>;
  const auto words = [](const char* text) { return Expander(environment_of(usual)).words(text); };
  CHECK(words("a b\tc") == Words{"a", "b", "c"});
  CHECK(words("  a  ") == Words{"a"});
  CHECK(words("a$TWO") == Words{"aone", "two"});
  CHECK(words("\"$TWO\"") == Words{"one  two"});
  CHECK(words("$TWO$TWO") == Words{"one", "twoone", "two"});
  CHECK(words("a\\ b") == Words{"a b"});
  CHECK(words("'a b' c") == Words{"a b", "c"});
  CHECK(words("x${NONE:-a b}y") == Words{"xa", "by"});
  CHECK(words("\"\" $EMPTY").empty());
  CHECK(words("").empty());
}

TEST_CASE("documents keep their quotes but not their escapes") {
  const auto document = [](const char* text) {
    return Expander(environment_of(usual), '`').document(text);
  };
  CHECK(document("it's \"$HOME\"\n") == "it's \"/root\"\n");
  CHECK(document("\\$HOME and \\\\ and ${V##*.}") == "$HOME and \\ and c");
  CHECK(document("`$HOME`") == "`/root`");
  CHECK(document("'$HOME'") == "'/root'");
}

TEST_CASE("the names of used and of unset variables are collected") {
  Expander expander(environment_of(usual));
  expander.word("$HOME ${NONE:-$V} \\$ESCAPED '$QUOTED'");
  expander.word("${OTHER+x}");
  CHECK(expander.used_names() == std::set<std::string>{"HOME", "V"});
  CHECK(expander.unset_names() == std::set<std::string>{"NONE", "OTHER"});
}

TEST_CASE("raw words keep quotes and escapes") {
  using Words = std::vector<std::string>;
  CHECK(split_words("a 'b c' \"d e\"") == Words{"a", "'b c'", "\"d e\""});
  CHECK(split_words("a=\"b c\"d e\\ f") == Words{"a=\"b c\"d", "e\\ f"});
  CHECK(split_words("\"a\\\" b\" c") == Words{"\"a\\\" b\"", "c"});
  CHECK(split_words("'a\\' b") == Words{"'a\\'", "b"});
  CHECK(split_words("'open b") == Words{"'open b"});
  CHECK(split_words("a`  b", '`') == Words{"a` ", "b"});
  CHECK(split_words("\"\"") == Words{"\"\""});
  CHECK(split_words("a\\\\\\") == Words{"a\\\\"});
  CHECK(split_words("a b") == Words{"a", "b"});
  CHECK(split_words("  ").empty());
}

TEST_CASE("values that grow without end stop at the limit") {
  const std::string large(expansion_size_max / 2 + 1, 'x');
  const auto environment = environment_of({{"L", large}});
  CHECK_NOTHROW(Expander(environment).word("$L"));
  CHECK_THROWS_AS(Expander(environment).word("$L$L"), Error);
  CHECK_THROWS_AS(Expander(environment).word("${L//x/yy}"), Error);
  CHECK_THROWS_AS(Expander(environment).word("${NONE:-$L$L}"), Error);
  CHECK_THROWS_AS(Expander(environment).words("\"$L $L\""), Error);
}

TEST_CASE("substitutions nest to a limit and not beyond") {
  const auto nested = [](int depth) {
    std::string text;
    for (int i = 0; i < depth; ++i) text += "${NONE:-";
    text += "x";
    return text + std::string(static_cast<std::size_t>(depth), '}');
  };
  Expander expander(nullptr);
  CHECK(expander.word(nested(expansion_depth_max)) == "x");
  CHECK_THROWS_AS(expander.word(nested(expansion_depth_max + 1)), Error);
  CHECK_THROWS_AS(expander.word(nested(100'000)), Error);
}

TEST_CASE("patterns made to be slow are refused before they are") {
  const auto environment =
      environment_of({{"L", std::string(1 << 20, 'a')}, {"P", std::string(1 << 19, '?') + "b"}});
  const auto begin = std::chrono::steady_clock::now();
  CHECK_THROWS_AS(Expander(environment).word("${L##*${P}}"), Error);
  CHECK(Expander(environment).word("${L%%*a*a*a*a*a*a*b}").size() == 1 << 20);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
}

}  // namespace strata::dockerfile
