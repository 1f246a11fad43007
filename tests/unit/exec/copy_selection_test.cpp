// COPY --exclude and --parents: what of the sources is taken, and where it arrives.

#include <doctest/doctest.h>

#include "exec/copy_set.hpp"
#include "strata/base/error.hpp"
#include "text_tree.hpp"

using namespace strata;
using namespace strata::exec;

namespace {

using Words = std::vector<std::string>;

struct Case {
  std::string_view name;
  Words sources;
  Words exclude;
  std::string_view expected;
};

constexpr std::string_view origin_text = R"(
  docs/ 0700 3:4 @5
  docs/api/ 0711 @6
  docs/api/index.md =i
  docs/api/logo.png =l
  docs/guide.md =g
  docs/notes.txt =n
  latest -> v2
  main.go =m
  src/ 0750 @7
  src/a/ 0700 @8
  src/a/a.go =a
  src/a/a.txt =t
  src/b/
  src/b/b.txt =b
  src/empty/ 0701
  src/link.txt -> a/a.txt
  src/top.txt =o
  v1/
  v1/app =1
  v2/ 0711
  v2/app =2)";

std::string normal(std::string_view listing) { return print_tree(parse_tree(listing)); }

std::string copied(const plan::CopyFiles& copy, std::string_view parent = "") {
  TextOrigin origin(origin_text);
  const auto sources = find_sources(copy, origin);
  return print_tree(copy_set(copy, sources, &origin, parse_view(parent), {}, {}).tree());
}

plan::CopyFiles copy_to_out(const Words& sources, const Words& exclude) {
  plan::CopyFiles copy;
  copy.sources = sources;
  copy.exclude = exclude;
  copy.destination = "/out";
  copy.destination_is_directory = true;
  return copy;
}

plan::CopyFiles with_parents(const Words& sources, const Words& exclude = {}) {
  auto copy = copy_to_out(sources, exclude);
  copy.keep_parents = true;
  return copy;
}

std::string failure(const plan::CopyFiles& copy) {
  try {
    copied(copy);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

const std::vector<Case> excluding{
    {"a pattern is relative to the source directory",
     {"docs"},
     {"*.md"},
     "out/ @5\nout/api/ 0711 @6\nout/api/index.md =i\nout/api/logo.png =l\nout/notes.txt =n"},
    {"a pattern with two stars reaches everywhere",
     {"docs"},
     {"**/*.md", "notes*"},
     "out/ @5\nout/api/ 0711 @6\nout/api/logo.png =l"},
    {"a directory that is left out takes all below with it",
     {"docs"},
     {"api"},
     "out/ @5\nout/guide.md =g\nout/notes.txt =n"},
    {"what is taken again brings its directory along",
     {"docs"},
     {"*", "!api/*.png"},
     "out/ @5\nout/api/ 0711 @6\nout/api/logo.png =l"},
    {"the last pattern that matches counts", {"docs"}, {"!api/*.png", "*"}, "out/ @5"},
    {"every match of a wildcard is a directory of its own", {"v*"}, {"app"}, "out/"},
    {"files that are sources themselves are left out by name",
     {"docs/*.md", "docs/notes.txt", "main.go"},
     {"*.txt", "main.*"},
     "out/ @0\nout/guide.md =g"},
    {"a link is left out like a file", {"src"}, {"*.txt", "a", "b", "empty"}, "out/ @7"},
};

const std::vector<Case> keeping{
    {"a file brings its directories with their attributes",
     {"src/a/a.go"},
     {},
     "out/\nout/src/ 0750 @7\nout/src/a/ 0700 @8\nout/src/a/a.go =a"},
    {"a file in the root has none", {"./main.go"}, {}, "out/\nout/main.go =m"},
    {"a directory arrives as itself with all it holds",
     {"docs/api"},
     {},
     "out/\nout/docs/ 0700 3:4 @5\nout/docs/api/ 0711 @6\nout/docs/api/index.md =i\n"
     "out/docs/api/logo.png =l"},
    {"an empty directory arrives too",
     {"src/empty/"},
     {},
     "out/\nout/src/ 0750 @7\nout/src/empty/ 0701"},
    {"directories before the pivot stay behind",
     {"src/./a/a.go"},
     {},
     "out/\nout/a/ 0700 @8\nout/a/a.go =a"},
    {"only the first pivot counts", {"/src/./a/./a.go"}, {}, "out/\nout/a/ 0700 @8\nout/a/a.go =a"},
    {"a pivot at the end means all that is there",
     {"docs/api/./"},
     {},
     "out/ @6\nout/index.md =i\nout/logo.png =l"},
    {"a wildcard keeps the directories of each match",
     {"src/*/*.txt"},
     {},
     "out/\nout/src/ 0750 @7\nout/src/a/ 0700 @8\nout/src/a/a.txt =t\nout/src/b/\n"
     "out/src/b/b.txt =b"},
    {"two stars are any number of directories and none",
     {"src/**/*.txt"},
     {},
     "out/\nout/src/ 0750 @7\nout/src/a/ 0700 @8\nout/src/a/a.txt =t\nout/src/b/\n"
     "out/src/b/b.txt =b\nout/src/link.txt -> a/a.txt\nout/src/top.txt =o"},
    {"a pattern that matches a directory takes all below",
     {"v?"},
     {},
     "out/\nout/v1/\nout/v1/app =1\nout/v2/ 0711\nout/v2/app =2"},
    {"a wildcard before the pivot gives several bases", {"v*/./app"}, {}, "out/\nout/app =2"},
    {"files that match before the pivot are no base", {"*/./app"}, {}, "out/\nout/app =2"},
    {"links on the way are followed and become directories",
     {"latest/app"},
     {},
     "out/\nout/latest/ 0711\nout/latest/app =2"},
    {"a link that is the source stays a link", {"latest"}, {}, "out/\nout/latest -> v2"},
    {"a link before the pivot is followed", {"latest/./app"}, {}, "out/\nout/app =2"},
    {"a wildcard that matches nothing makes the destination", {"none*/x"}, {}, "out/"},
    {"exclusion counts from where directories are kept",
     {"src/./a", "docs"},
     {"a/*.txt", "docs/api", "**/guide.*"},
     "out/\nout/a/ 0700 @8\nout/a/a.go =a\nout/docs/ 0700 3:4 @5\nout/docs/notes.txt =n"},
    {"an excluded file is not taken", {"src/a/a.go"}, {"**/*.go"}, "out/"},
};

}  // namespace

TEST_CASE("exclude leaves out what its patterns match") {
  for (const Case& each : excluding) {
    CAPTURE(each.name);
    CHECK(copied(copy_to_out(each.sources, each.exclude)) == normal(each.expected));
  }
}

TEST_CASE("parents come along") {
  for (const Case& each : keeping) {
    CAPTURE(each.name);
    CHECK(copied(with_parents(each.sources, each.exclude)) == normal(each.expected));
  }
}

TEST_CASE("parents take the attributes of the source where directories exist") {
  CHECK(copied(with_parents({"src/a/a.go"}), "out/ 0711\nout/src/ 0777 9:9 @1\nout/src/other") ==
        normal("out/ 0711\nout/src/ 0750 @7\nout/src/a/ 0700 @8\nout/src/a/a.go =a"));
}

TEST_CASE("with parents the destination is a directory without a slash too") {
  auto copy = with_parents({"main.go"});
  copy.destination_is_directory = false;
  CHECK(copied(copy) == normal("out/\nout/main.go =m"));
}

TEST_CASE("a plain source with parents has to be there") {
  CHECK(failure(with_parents({"src/c/a.go"})).find("\"src/c/a.go\" is not in") == 0);
  CHECK(failure(with_parents({"src/a/./a.ho"})) ==
        "\"src/a/./a.ho\" is not in the build context\n  did you mean \"src/a/a.go\"?");
  CHECK(failure(with_parents({"scr/./*.go"})).find("\"scr\" is not in") == 0);
  CHECK(failure(with_parents({"main.go/./x"})).find("\"main.go\" is not") == 0);
  CHECK(failure(with_parents({"x*/./main.go"})) == "no error");
}
