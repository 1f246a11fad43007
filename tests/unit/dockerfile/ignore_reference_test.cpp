// The automata of ignore.cpp against the rules as a few lines of recursion say them: slow, but
// plain to see. Characters are bytes here.
#include <doctest/doctest.h>

#include <random>
#include <set>

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
#include "strata/dockerfile/ignore.hpp"

namespace strata::dockerfile {
namespace {

bool fits(std::string_view pattern, std::string_view path);

/// `**` and what follows it, which matches below any number of directories.
bool fits_stars(std::string_view rest, std::string_view path) {
  if (rest.starts_with('/')) rest.remove_prefix(1);
  if (rest.empty() || fits(rest, path)) return true;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '/' && fits(rest, path.substr(i + 1))) return true;
  }
  return false;
}

bool fits_star(std::string_view rest, std::string_view path) {
  for (std::size_t size = 0;; ++size) {
    if (fits(rest, path.substr(size))) return true;
    if (size == path.size() || path[size] == '/') return false;
  }
}

/// A class of single characters and ranges, without escapes.
bool fits_class(std::string_view pattern, std::string_view path) {
  const auto close = pattern.find(']', 2);
  std::string_view members = pattern.substr(1, close - 1);
  const bool negated = members.starts_with('^');
  if (negated) members.remove_prefix(1);
  bool found = false;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const bool range = i + 2 < members.size() && members[i + 1] == '-';
    found = found || (members[i] <= path[0] && path[0] <= members[range ? i + 2 : i]);
    if (range) i += 2;
  }
  return found != negated && fits(pattern.substr(close + 1), path.substr(1));
}

bool fits(std::string_view pattern, std::string_view path) {
  if (pattern.empty()) return path.empty();
  if (pattern.starts_with("**")) return fits_stars(pattern.substr(2), path);
  if (pattern[0] == '*') return fits_star(pattern.substr(1), path);
  if (path.empty()) return false;
  if (pattern[0] == '?') return path[0] != '/' && fits(pattern.substr(1), path.substr(1));
  if (pattern[0] == '[') return path[0] != '/' && fits_class(pattern, path);
  if (pattern[0] == '\\') pattern.remove_prefix(1);
  return pattern[0] == path[0] && fits(pattern.substr(1), path.substr(1));
}

/// `**name` without another wildcard: whatever ends in the name.
bool is_suffix_pattern(std::string_view pattern) {
  return pattern.starts_with("**") && pattern.size() > 2 && pattern[2] != '/' &&
         pattern.find_first_of("*?[\\", 2) == std::string_view::npos;
}

bool matches(const std::string& pattern, std::string_view path) {
  if (is_suffix_pattern(pattern)) return path.ends_with(pattern.substr(2));
  return fits(pattern, path);
}

/// From the top down to the path: a rule that matched a directory matches what is in it; any other
/// is tried only if it could change what those before it say.
bool excluded_by(const std::vector<IgnoreRule>& rules, const std::string& path) {
  std::set<const IgnoreRule*> matched;
  for (std::size_t end = path.find('/');; end = path.find('/', end + 1)) {
    bool excluded = false;
    for (const IgnoreRule& rule : rules) {
      const bool counts = rule.negated == excluded;
      if (counts && matches(rule.pattern, path.substr(0, end))) matched.insert(&rule);
      if (matched.contains(&rule)) excluded = !rule.negated;
    }
    if (end == std::string::npos) return excluded;
  }
}

std::string random_pattern(std::mt19937& random) {
  constexpr std::string_view pieces[] = {"a", "b",    "ab",    "*",   "**",  "?", "/",
                                         "/", "[ab]", "[^ab]", "a-b", "\\*", ".", "[a-b]"};
  std::string pattern = random() % 3 == 0 ? "!" : "";
  for (std::size_t i = 1 + random() % 5; i > 0; --i) pattern += pieces[random() % 14];
  return pattern;
}

/// All paths of up to three components out of a few names.
std::vector<std::string> paths_of_a_tree() {
  std::vector<std::string> paths;
  const std::vector<std::string> names = {"a", "b", "ab", "aab", ".a", "*", "c"};
  for (const auto& one : names) {
    paths.push_back(one);
    for (const auto& two : names) {
      paths.push_back(one + "/" + two);
      for (const auto& three : names) paths.push_back(one + "/" + two + "/" + three);
    }
  }
  return paths;
}

std::optional<IgnoreRules> random_rules(std::mt19937& random) {
  std::string text;
  for (std::size_t i = 1 + random() % 3; i > 0; --i) text += random_pattern(random) + "\n";
  try {
    return IgnoreRules::parse(text);
  } catch (const Error&) {
    return std::nullopt;  // "!" and the like
  }
}

}  // namespace

TEST_CASE("the reference knows the rules itself") {
  CHECK(matches("a/**/b", "a/b"));
  CHECK(matches("a/**/b", "a/x/y/b"));
  CHECK(matches("**a", "x/ya"));
  CHECK(matches("[^ab]?", "cd"));
  CHECK(!matches("a*", "a/b"));
  CHECK(!matches("[^a]", "/"));
}

TEST_CASE("random rules exclude what the reference excludes") {
  std::mt19937 random(11);
  const auto paths = paths_of_a_tree();
  for (int round = 0; round < 400; ++round) {
    const auto rules = random_rules(random);
    if (!rules) continue;
    std::string texts;
    for (const IgnoreRule& rule : rules->rules()) texts += rule.text + "\n";
    for (const auto& path : paths) {
      if (rules->excludes(path) == excluded_by(rules->rules(), path)) continue;
      FAIL_CHECK("rules:\n", texts, "path: ", path);
    }
  }
}

TEST_CASE("nothing is included again below a directory that may be left out") {
  std::mt19937 random(12);
  const auto paths = paths_of_a_tree();
  int left_out = 0;
  for (int round = 0; round < 400; ++round) {
    const auto rules = random_rules(random);
    if (!rules) continue;
    for (const auto& path : paths) {
      const std::string directory = path.substr(0, path.rfind('/'));
      if (rules->may_include_below(directory)) continue;
      ++left_out;
      CHECK(excluded_by(rules->rules(), path));
    }
  }
  CHECK(left_out > 10'000);
}

}  // namespace strata::dockerfile
