/// What ADD makes of archives, on trees alone.

#include <doctest/doctest.h>

#include "exec/copy_set.hpp"
#include "strata/base/text.hpp"
#include "text_tree.hpp"

using namespace strata;
using namespace strata::exec;

namespace {

/// ADD of archives with these contents to `destination`.
Tree added(const std::vector<std::string_view>& archives, const std::string& destination,
           std::string_view parent, const CopyLook& look = {}) {
  plan::CopyFiles add;
  add.destination = destination;
  std::string names;
  std::map<std::string, std::unique_ptr<FileOrigin>> trees;
  for (const auto text : archives) {
    add.sources.push_back(cat("archive", add.sources.size()));
    names += cat(add.sources.back(), "\n");
    trees[add.sources.back()] = std::make_unique<TextOrigin>(text);
  }
  TextOrigin origin(names);
  const auto sources = find_sources(add, origin);
  return copy_set(add, sources, &origin, parse_view(parent), look,
                  [&](const CopySource& source) { return trees.at(source.path).get(); })
      .tree();
}

std::string normal(std::string_view listing) { return print_tree(parse_tree(listing)); }

}  // namespace

TEST_CASE("ADD merges an archive into the destination and keeps its owners") {
  CHECK(print_tree(added({"d/ 0700 5:6 @3\nd/f 0600 5:6 @4 =x"}, "/o", "")) ==
        normal("o/ @3\no/d/ 0700 5:6 @3\no/d/f 0600 5:6 @4 =x"));
}

TEST_CASE("chown goes to what an archive holds and chmod does not") {
  CopyLook look;
  look.owner = Owner{1, 2};
  look.mode = ModeChange::parse("777");
  look.from_context = true;
  CHECK(print_tree(added({"f 0600 5:6 =x"}, "/o", "", look)) == normal("o/ 1:2\no/f 0600 1:2 =x"));
}

TEST_CASE("directories that an archive only implies are root's") {
  CopyLook look;
  look.owner = Owner{1, 2};
  CHECK(print_tree(added({"d/f 0600 5:6 =x"}, "/o", "", look)) ==
        normal("o/ 1:2\no/d/\no/d/f 0600 1:2 =x"));
}

TEST_CASE("an archive replaces whatever has another type") {
  CHECK(print_tree(added({"a =x\nb/\nb/c =y"}, "/", "a/\na/f\nb")) == normal("a =x\nb/\nb/c =y"));
}

TEST_CASE("a directory that an archive only implies may be a link") {
  const auto parent = "usr/ @1\nusr/lib/ @2\nlib -> usr/lib";
  CHECK(print_tree(added({"lib/x/f =x"}, "/", parent)) ==
        normal("usr/ @1\nusr/lib/ @2\nusr/lib/x/\nusr/lib/x/f =x"));
}

TEST_CASE("a directory that an archive names takes the place of a link") {
  const auto parent = "usr/\nusr/lib/\nusr/lib/x/\nlib -> usr/lib";
  CHECK(print_tree(added({"lib/ 0711\nlib/x/f =x"}, "/", parent)) ==
        normal("lib/ 0711\nlib/x/\nlib/x/f =x"));
}

TEST_CASE("a directory in place of a directory that was taken away starts empty") {
  const auto parent = "a/\na/old =1";
  const auto layer = added({"a =file", "a/\na/new =2"}, "/", parent);
  CHECK(print_tree(apply_layer(parse_tree(parent), layer)) == normal("a/\na/new =2"));
}

TEST_CASE("an unpacked archive applied to its parent gives the merged tree") {
  const auto parent = "etc/\netc/passwd =root\nopt/";
  const auto layer = added({"etc/\netc/hosts =h\netc/link => etc/hosts"}, "/", parent);
  CHECK(print_tree(apply_layer(parse_tree(parent), layer)) ==
        normal("etc/\netc/hosts =h\netc/link => etc/hosts\netc/passwd =root\nopt/"));
}
