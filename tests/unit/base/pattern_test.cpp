#include "strata/base/pattern.hpp"

#include <doctest/doctest.h>

#include <string>

namespace strata {

namespace {

struct Case {
  const char* pattern;
  const char* name;
  bool matches;
};

// From the documentation of Go's path/filepath.Match.
constexpr Case cases[] = {
    {"abc", "abc", true},
    {"*", "abc", true},
    {"*c", "abc", true},
    {"a*", "a", true},
    {"a*", "abc", true},
    {"a*", "ab/c", false},
    {"a*/b", "abc/b", true},
    {"a*/b", "a/c/b", false},
    {"a*b*c*d*e*/f", "axbxcxdxe/f", true},
    {"a*b*c*d*e*/f", "axbxcxdxexxx/f", true},
    {"a*b*c*d*e*/f", "axbxcxdxe/xxx/f", false},
    {"a*b?c*x", "abxbbxdbxebxczzx", true},
    {"a*b?c*x", "abxbbxdbxebxczzy", false},
    {"ab[c]", "abc", true},
    {"ab[b-d]", "abc", true},
    {"ab[e-g]", "abc", false},
    {"ab[^c]", "abc", false},
    {"ab[^b-d]", "abc", false},
    {"ab[^e-g]", "abc", true},
    {"a\\*b", "a*b", true},
    {"a\\*b", "ab", false},
    {"a?b", "a\u263ab", true},
    {"a[^a]b", "a\u263ab", true},
    {"a???b", "a\u263ab", false},
    {"[a-\u03b6]*", "\u03b1", true},
    {"*[a-\u03b6]", "A", false},
    {"a?b", "a/b", false},
    {"a*b", "a/b", false},
    {"[\\]a]", "]", true},
    {"[\\-]", "-", true},
    {"[x\\-]", "x", true},
    {"[x\\-]", "z", false},
    {"[\\-x]", "a", false},
    {"*x", "xxx", true},
    {"", "", true},
    {"", "a", false},
};

constexpr const char* malformed[] = {"[]a]", "[-]", "[x-]", "[-x]", "\\", "[a-b-c]",
                                     "[",    "[^",  "[^bc", "a[",   "[a-"};

}  // namespace

TEST_CASE("patterns match as in Go's filepath.Match") {
  for (const Case& c : cases) {
    CAPTURE(c.pattern);
    CAPTURE(c.name);
    CHECK(match_pattern(c.pattern, c.name) == c.matches);
  }
}

TEST_CASE("malformed patterns match nothing") {
  for (const char* pattern : malformed) {
    CAPTURE(pattern);
    CHECK_FALSE(is_pattern(pattern));
    CHECK_FALSE(match_pattern(pattern, "a"));
  }
}

TEST_CASE("a row of stars costs no more than pattern times name") {
  std::string pattern;
  for (int i = 0; i < 1000; ++i) pattern += "a*";
  CHECK_FALSE(match_pattern(pattern + "b", std::string(5000, 'a')));
}

}  // namespace strata
