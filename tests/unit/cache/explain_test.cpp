#include "strata/cache/explain.hpp"

#include <doctest/doctest.h>

namespace strata::cache {

namespace {

using Sentences = std::vector<std::string>;

Record record_of(std::initializer_list<plan::Ingredient> list) {
  Record record;
  for (const auto& [name, value] : list) record.ingredients.add(name, value);
  return record;
}

Sentences explain(const Record& before, const Record& now, FileTrees files = {}) {
  return explain_miss(before, now.ingredients, files, "the base image changed");
}

Entry file(std::string path, std::string_view content, std::uint32_t mode = 0644) {
  Entry entry;
  entry.path = std::move(path);
  entry.mode = mode;
  entry.size = content.size();
  entry.content = ContentDigest(Digest::of(content));
  return entry;
}

}  // namespace

TEST_CASE("a changed variable is named with both values") {
  CHECK(explain(record_of({{"env VERSION", "1"}}), record_of({{"env VERSION", "2"}})) ==
        Sentences{R"(environment variable VERSION changed from "1" to "2")"});
}

TEST_CASE("what is new and what is gone is said so") {
  CHECK(explain(record_of({{"env A", "1"}}), record_of({{"env B", "2"}})) ==
        Sentences{R"(environment variable B is new: "2")",
                  R"(environment variable A is gone, was "1")"});
}

TEST_CASE("differences come in the order of the ingredients") {
  const auto told = explain(record_of({{"parent", "a"}, {"argv", "x"}, {"user", "u"}}),
                            record_of({{"parent", "b"}, {"argv", "y"}, {"user", "u"}}));
  CHECK(told == Sentences{"the base image changed", R"(the command changed from "x" to "y")"});
}

TEST_CASE("a file behind a mount that changed is named with its mount") {
  Record before = record_of({{"mount /src", "bind of 1"}});
  before.trees["mount /src"] = encode_tree(Tree({file("a.c", "old"), file("b.c", "same")}));
  const std::map<std::string, Tree> behind = {
      {"mount /src", Tree({file("a.c", "new"), file("b.c", "same")})}};
  const Record now = record_of({{"mount /src", "bind of 2"}});
  FileTrees files;
  files.behind = &behind;
  CHECK(explain(before, now, files) == Sentences{"mount /src: /a.c: content changed"});
  // Without the earlier tree, and where the files are the same, the values themselves tell.
  before.trees.clear();
  const Sentences values = {R"(mount /src changed from "bind of 1" to "bind of 2")"};
  CHECK(explain(before, now, files) == values);
  before.trees["mount /src"] = "no tree";
  CHECK(explain(before, now, files) == values);
  before.trees["mount /src"] = encode_tree(behind.at("mount /src"));
  CHECK(explain(before, now, files) == values);
}

TEST_CASE("a copied file that changed is named with what changed") {
  const Tree before(
      {file("app.js", "old"), file("gone.js", ""), file("same.js", "s"), file("x", "x")});
  const Tree now(
      {file("app.js", "new"), file("new.js", ""), file("same.js", "s"), file("x", "x", 0755)});
  const auto told =
      explain(record_of({{"files", "1"}}), record_of({{"files", "2"}}), {&before, &now});
  REQUIRE(told.size() == 4);
  CHECK(told[0].starts_with("/app.js: content"));
  CHECK(told[1] == "/gone.js: is gone");
  CHECK(told[2] == "/new.js: is new");
  CHECK(told[3].find("/x: mode") == 0);
}

TEST_CASE("many changed files are counted after the first few") {
  std::vector<Entry> entries;
  for (int i = 0; i < 40; ++i) entries.push_back(file("f" + std::to_string(i), ""));
  const Tree before;
  const Tree now(entries);
  const auto told =
      explain(record_of({{"files", "1"}}), record_of({{"files", "2"}}), {&before, &now});
  CHECK(told.size() == 6);
  CHECK(told.back() == "and 35 more files");
}

TEST_CASE("equal ingredients mean that the result is lost") {
  const Record record = record_of({{"argv", "x"}});
  CHECK(explain(record, record) == Sentences{"its earlier result is no longer in the store"});
}

}  // namespace strata::cache
