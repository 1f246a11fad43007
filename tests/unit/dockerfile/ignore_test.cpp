// Every rule of ignore files, and walks that prune by them.
#include "strata/dockerfile/ignore.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <random>

#include "strata/base/error.hpp"

namespace strata::dockerfile {
namespace {

struct Case {
  const char* rules;
  const char* path;
  bool excluded;
};

const Case cases[] = {
    // literal names, and what is below them
    {"a", "a", true},
    {"a", "a/b/c", true},
    {"a", "ab", false},
    {"a", "b/a", false},
    {"a/b", "a/b/c", true},
    {"a/b", "a", false},
    {"a/b", "a/bc", false},
    {"A", "a", false},
    // cleaning
    {"/a", "a", true},
    {"./a/", "a", true},
    {"a/../b", "b", true},
    {"a//b", "a/b", true},
    {"  a  ", "a", true},
    {"/", "a", false},
    {".", "a", false},
    {"..", "a", false},
    {"a b", "a b", true},
    {"a/./b", "a/b", true},
    {"a/.", "a", true},
    {"a/", "a/b", true},
    {"a/..", "a", false},
    {"../a", "a", false},
    {"/../a", "a", true},
    {"//a", "a", true},
    {"./", "a", false},
    {"/*", "a", true},
    {"*/", "a/b", true},
    {"/**", "a/b", true},
    {"**/", "a", true},
    {"\t a\v", "a", true},
    {"\xC2\xA0"
     "a",
     "a", true},
    // comments and blank lines
    {"# a\n\n  \nb", "b", true},
    {"#a", "#a", false},
    {" #a", "#a", true},
    {"\\#a", "#a", true},
    {"\xEF\xBB\xBF"
     "a",
     "a", true},
    {"\xEF\xBB\xBF# a", "a", false},
    {"a\r\nb\r\n", "a", true},
    // one component: * and ?
    {"*", "a", true},
    {"*", "a/b", true},
    {"*.go", "x.go", true},
    {"*.go", "d/x.go", false},
    {"*.go", "x.go/below", true},
    {"*/*.go", "d/x.go", true},
    {"*/*.go", "d/e/x.go", false},
    {"a?c", "abc", true},
    {"a?c", "a/c", false},
    {"a?c", "ac", false},
    {"?", "é", true},
    {"a*", "a", true},
    {"a*b*c", "axxbyyc", true},
    {"a*b*c", "axxbyy", false},
    {".*", ".git", true},
    {".*", "a.git", false},
    {"*.*", "a.b", true},
    {"*.*", "a", false},
    // classes
    {"[abc]", "b", true},
    {"[abc]", "d", false},
    {"[a-c]x", "bx", true},
    {"[^a-c]x", "dx", true},
    {"[^a-c]x", "bx", false},
    {"a[^b]c", "a/c", false},
    {"[\\]]", "]", true},
    {"[\\-x]", "-", true},
    {"a]", "a]", true},
    // escapes
    {"\\*", "*", true},
    {"\\*", "a", false},
    {"a\\?b", "a?b", true},
    {"\\[a]", "[a]", true},
    {"a\\\\b", "a\\b", true},
    {"\\!a", "!a", true},
    {"a.b", "axb", false},
    {"a+b(c)|{d}$^", "a+b(c)|{d}$^", true},
    // any number of components: **
    {"**", "a", true},
    {"**", "a/b/c", true},
    {"**/a", "a", true},
    {"**/a", "x/y/a", true},
    {"**/a", "x/a/y", true},
    {"**/a", "xa", false},
    {"**/*.go", "x.go", true},
    {"**/*.go", "a/b/x.go", true},
    {"**/*.go", "a/b/x.c", false},
    {"a/**", "a/b", true},
    {"a/**", "a/b/c", true},
    {"a/**", "a", false},
    {"a/**", "ab", false},
    {"a/**/z", "a/z", true},
    {"a/**/z", "a/b/c/z", true},
    {"a/**/z", "az", false},
    {"a/**/z", "a/bz", false},
    {"**/a/**", "x/a/y", true},
    {"**/a/**", "a/y", true},
    {"**/a/**", "x/a", false},
    {"**/**/a", "x/a", true},
    {"**/**", "a/b", true},
    {"a**", "abc", true},
    {"a**", "a/b", true},
    {"a**", "ba", false},
    {"**a", "xa", true},
    {"**a", "x/ya", true},
    {"a**b", "a/b", true},
    {"a**b", "ab", true},
    {"a**b", "ax/b", true},
    {"a**b", "axb", false},
    {"a*/**/b", "ax/y/b", true},
    {"***", "a/b", true},
    // exceptions: the last matching line wins
    {"a\n!a", "a", false},
    {"!a\na", "a", true},
    {"*\n!a", "a", false},
    {"*\n!a", "b", true},
    {"*\n!a", "a/b", false},
    {"d\n!d/keep", "d/keep", false},
    {"d\n!d/keep", "d/keep/x", false},
    {"d\n!d/keep", "d/other", true},
    {"d\n!d/keep\nd/keep/x", "d/keep/x", true},
    {"! a", "a", false},
    {"*\n!a/", "a", false},
    {"*\n!./a", "a", false},
    {"*\n!\ta", "a", false},
    {"a\n!!a", "a", true},
    {"*\r\n!a\r\n", "a", false},
    {"*\n!*/b", "a/b", false},
    {"*\n!*/b", "a/c", true},
    {"a/**\n!a/b", "a/b", false},
    {"a/**\n!a/b", "a/c", true},
    {"a/**\n!a/b", "a", false},
    {"**\n!**/b\n**/b/c", "x/b/d", false},
    {"**\n!**/b\n**/b/c", "x/b/c", true},
    {"*\n! a", "a", false},
    {"*\n!/a", "a", false},
    {"*\n!**/*.md\nREADME*.md", "docs/x.md", false},
    {"*\n!**/*.md\nREADME*.md", "README.md", true},
    {"*.md\n!README.md", "README.md", false},
    // a rule is tried where it could change what those before it say, and then holds below
    {"a/b\n!a", "a/b", true},
    {"*\na/b\n!a", "a/b", false},
    {"a\n!a/b\na", "a/b", false},
    {"a\n!a/b\na/b", "a/b", true},
    {"*/temp*\n*/*/temp*\ntemp?", "somedir/temporary.txt", true},
    {"*/temp*\n*/*/temp*\ntemp?", "tempa", true},
    {"*/temp*\n*/*/temp*\ntemp?", "temp", false},
    // the root itself
    {"**", "", false},
    {"*", ".", false},
};

/// Whether a walk that leaves out what may be left out would ever ask for `path`.
bool is_reached(const IgnoreRules& rules, const std::string& path) {
  for (std::size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const std::string directory = path.substr(0, slash);
    if (rules.excludes(directory) && !rules.may_include_below(directory)) return false;
  }
  return true;
}

std::string random_text(std::mt19937& random, std::string_view alphabet, std::size_t size_max) {
  std::string text;
  for (std::size_t i = random() % (size_max + 1); i > 0; --i) {
    text += alphabet[random() % alphabet.size()];
  }
  return text;
}

}  // namespace

TEST_CASE("ignore rules exclude what the table says") {
  for (const Case& each : cases) {
    CAPTURE(std::string(each.rules));
    CAPTURE(std::string(each.path));
    CHECK(IgnoreRules::parse(each.rules).excludes(each.path) == each.excluded);
  }
}

TEST_CASE("malformed patterns name the file and the line") {
  for (const char* text :
       {"a\n[", "a\n[]", "a\n[a-]", "a\nb\\", "a\n!", "a\n!  ", "a\n!/", "a\n!//.", "x\n![a"}) {
    CAPTURE(std::string(text));
    try {
      IgnoreRules::parse(text, "my.dockerignore");
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::dockerfile);
      CHECK(error.message().starts_with("my.dockerignore:2: "));
    }
  }
}

TEST_CASE("the rule that decided is named with its line") {
  const auto rules = IgnoreRules::parse("# first\n*.log\n!keep.log\nbuild/\n");
  REQUIRE(rules.rules().size() == 3);
  const IgnoreRule* rule = rules.matching_rule("x.log");
  REQUIRE(rule != nullptr);
  CHECK(rule->text == "*.log");
  CHECK(rule->line == 2);
  rule = rules.matching_rule("keep.log");
  REQUIRE(rule != nullptr);
  CHECK(rule->text == "!keep.log");
  CHECK(rule->negated);
  rule = rules.matching_rule("build/out/a.o");
  REQUIRE(rule != nullptr);
  CHECK(rule->text == "build/");
  CHECK(rules.matching_rule("src") == nullptr);
}

TEST_CASE("an excluded directory may be left out unless an exception reaches below it") {
  const auto prunes = [](const char* rules, const char* directory) {
    return !IgnoreRules::parse(rules).may_include_below(directory);
  };
  CHECK(prunes("node_modules", "node_modules"));
  CHECK(prunes("*\n!src", "docs"));
  CHECK(!prunes("*\n!src", "src"));
  CHECK(!prunes("*\n!src/main", "src"));
  CHECK(prunes("*\n!src/main", "src/test"));
  CHECK(!prunes("*\n!**/*.md", "docs"));
  CHECK(prunes("!docs/x\ndocs", "docs"));
  CHECK(!prunes("*\n!d*/x", "docs"));
  CHECK(prunes("*\n!d*/x", "src"));
  CHECK(prunes("*\n!d*/x", "docs/y"));
  CHECK(!prunes("*", ""));
  CHECK(!prunes("a", "b"));
}

TEST_CASE("a walk that prunes sees every path that is not excluded") {
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (int line = 0; line < 4; ++line) {
      const std::string pattern = random_text(random, "ab/*?!", 6);
      text += (pattern.find_first_not_of("!/") == std::string::npos ? "a" : pattern) + "\n";
    }
    CAPTURE(std::string(text));
    const auto rules = IgnoreRules::parse(text);
    std::string path = "a";
    for (std::size_t i = random() % 4; i > 0; --i) path += "/" + std::string(1, "ab"[random() % 2]);
    CAPTURE(path);
    if (!rules.excludes(path)) CHECK(is_reached(rules, path));
  }
}

TEST_CASE("patterns of COPY --exclude have no comments") {
  const auto rules = IgnoreRules::from_patterns({"#a", "b/*", "!b/keep"});
  CHECK(rules.excludes("#a"));
  CHECK(rules.excludes("b/x"));
  CHECK(!rules.excludes("b/keep"));
  CHECK(IgnoreRules().empty());
  CHECK(!IgnoreRules().excludes("a"));
}

TEST_CASE("hostile patterns do not slow matching down") {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "**/*a*";
  const auto rules = IgnoreRules::parse(pattern + "b\n" + std::string(1000, '*') + "x");
  const std::string path = std::string(2000, 'a') + "/" + std::string(2000, 'a');
  const auto begin = std::chrono::steady_clock::now();
  CHECK(!rules.excludes(path));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
}

}  // namespace strata::dockerfile
