#include "strata/base/path.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "strata/base/text.hpp"

using namespace strata;

namespace {

/// Any path at all, dense in the odd cases.
std::string random_path(std::mt19937& random) {
  static const std::vector<std::string> pieces = {"/", "/",  ".",  "..",  "a",
                                                  "b", "a-", "a.", "\xff"};
  std::string path;
  for (auto count = random() % 8; count > 0; --count) path += pieces[random() % pieces.size()];
  return path;
}

std::vector<std::string> owned_components(std::string_view path) {
  const auto views = path_components(path);
  return {views.begin(), views.end()};
}

}  // namespace

TEST_CASE("a root path is clean and never leaves the root") {
  CHECK(root_path("") == "");
  CHECK(root_path("/") == "");
  CHECK(root_path("..") == "");
  CHECK(root_path("/../../etc/passwd") == "etc/passwd");
  CHECK(root_path("a/./b//c/../d/") == "a/b/d");
  CHECK(root_path("...") == "...");
  std::mt19937 random(4);
  for (int round = 0; round < 2000; ++round) {
    const auto path = root_path(random_path(random));
    CHECK(root_path(path) == path);
    CHECK(join(owned_components(path), "/") == path);
    for (const auto component : path_components(path)) {
      CHECK(component != ".");
      CHECK(component != "..");
    }
  }
}

TEST_CASE("clean_path does what Go's path.Clean does") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "."},
      {"abc", "abc"},
      {"abc/def", "abc/def"},
      {".", "."},
      {"..", ".."},
      {"../..", "../.."},
      {"../../abc", "../../abc"},
      {"/abc", "/abc"},
      {"/", "/"},
      {"abc/", "abc"},
      {"a/b/c/", "a/b/c"},
      {"./", "."},
      {"../", ".."},
      {"//abc//", "/abc"},
      {"abc/./def", "abc/def"},
      {"/./abc/def", "/abc/def"},
      {"abc/def/ghi/../jkl", "abc/def/jkl"},
      {"abc/def/..", "abc"},
      {"abc/def/../..", "."},
      {"/abc/def/../..", "/"},
      {"abc/def/../../..", ".."},
      {"/abc/def/../../..", "/"},
      {"abc/def/../../../ghi/jkl/../../../mno", "../../mno"},
      {"/../abc", "/abc"},
      {"abc/../../././../def", "../../def"},
  };
  for (const auto& [path, clean] : cases) {
    CHECK(clean_path(path) == clean);
    CHECK(clean_path(clean) == clean);
  }
}

TEST_CASE("absolute_path starts from the base only for a relative path") {
  CHECK(absolute_path("/a/b", "c") == "/a/b/c");
  CHECK(absolute_path("/a/b", "../c") == "/a/c");
  CHECK(absolute_path("/a/b", "/c/") == "/c");
  CHECK(absolute_path("", "c") == "/c");
  CHECK(absolute_path("/", "../../..") == "/");
  CHECK(absolute_path("/a", "") == "/a");
}

TEST_CASE("join undoes parent and name") {
  CHECK(join_path("", "a") == "a");
  CHECK(join_path("a", "") == "a");
  CHECK(parent_path("a") == "");
  CHECK(base_name("a") == "a");
  CHECK(parent_path("a/b/c") == "a/b");
  CHECK(base_name("a/b/c") == "c");
  std::mt19937 random(5);
  for (int round = 0; round < 500; ++round) {
    const auto path = root_path(random_path(random));
    CHECK(join_path(parent_path(path), base_name(path)) == path);
  }
}

TEST_CASE("within means by whole components") {
  CHECK(is_within("a/b", ""));
  CHECK(is_within("a/b", "a"));
  CHECK(is_within("a", "a"));
  CHECK(is_within("", ""));
  CHECK_FALSE(is_within("ab", "a"));
  CHECK_FALSE(is_within("a", "a/b"));
  CHECK_FALSE(is_within("", "a"));
}

TEST_CASE("paths compare as their components do") {
  std::mt19937 random(6);
  for (int round = 0; round < 5000; ++round) {
    const auto left = root_path(random_path(random));
    const auto right = root_path(random_path(random));
    CAPTURE(left);
    CAPTURE(right);
    const auto order = compare_paths(left, right);
    // char_traits compares bytes without sign, so the vectors' own order is the law.
    CHECK((order < 0) == (owned_components(left) < owned_components(right)));
    CHECK((order == 0) == (left == right));
    CHECK((order < 0) == (compare_paths(right, left) > 0));
  }
}

TEST_CASE("a subtree is one run that its own root begins") {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> paths;
    for (int i = 0; i < 40; ++i) paths.push_back(root_path(random_path(random)));
    const std::string top = paths[random() % paths.size()];
    std::ranges::sort(paths, PathLess());
    const auto inside = [&](const std::string& path) { return is_within(path, top); };
    const auto first = std::ranges::find_if(paths, inside);
    REQUIRE(first != paths.end());
    CHECK(*first == top);
    const auto last = std::find_if_not(first, paths.end(), inside);
    CHECK(std::none_of(last, paths.end(), inside));
  }
}

TEST_CASE("what two texts begin with alike is counted wherever it ends") {
  const std::string text = "0123456789abcdefghijklmnopqrstuvwxyz";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const std::string_view whole = std::string_view(text).substr(0, size);
    CHECK(common_prefix_size(whole, text) == size);
    CHECK(common_prefix_size(text, whole) == size);
    if (size == text.size()) break;
    std::string other = text;
    other[size] = '/';
    CHECK(common_prefix_size(text, other) == size);
    CHECK(compare_paths(other, text) < 0);
    CHECK(compare_paths(text, other) > 0);
  }
}
