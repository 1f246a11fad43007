#include "exec/copy_set.hpp"

#include <doctest/doctest.h>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "text_tree.hpp"

using namespace strata;
using namespace strata::exec;

namespace {

/// COPY of `sources` to `destination`, whose slash at the end counts.
plan::CopyFiles copy_of(std::vector<std::string> sources, std::string destination) {
  plan::CopyFiles copy;
  copy.sources = std::move(sources);
  copy.destination_is_directory = destination.ends_with('/');
  if (destination.size() > 1 && copy.destination_is_directory) destination.pop_back();
  copy.destination = std::move(destination);
  return copy;
}

struct Case {
  std::string_view name;
  std::vector<std::string> sources;
  std::string destination;
  std::string_view origin;
  std::string_view parent;
  std::string_view expected;
};

std::string normal(std::string_view listing) { return print_tree(parse_tree(listing)); }

std::string copied(const plan::CopyFiles& copy, std::string_view origin_text,
                   std::string_view parent, const CopyLook& look) {
  TextOrigin origin(origin_text);
  const auto sources = find_sources(copy, origin);
  const auto set = copy_set(copy, sources, &origin, parse_view(parent), look, {});
  const Tree tree = set.tree();
  for (const Entry& entry : tree.entries())
    if (entry.is_file()) {
      const auto file = std::get<OriginFile>(set.bytes_of(entry.path));
      CHECK(file.file.entry->content == entry.content);
    }
  for (const auto times : {CompareTimes::yes, CompareTimes::no})
    CHECK(set.digest(times) == tree_digest(tree, times));
  return print_tree(tree);
}

std::string failure(const plan::CopyFiles& copy, std::string_view origin, std::string_view parent) {
  try {
    copied(copy, origin, parent, {});
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

const std::vector<Case> cases{
    {"a file under a new name", {"f"}, "/a/b", "f 0600 @7 =x", "", "a/ @7\na/b 0600 @7 =x"},
    {"a file into a directory that a slash names", {"f"}, "/a/", "f @7 =x", "", "a/ @7\na/f @7 =x"},
    {"a file into a directory that exists",
     {"f"},
     "/a",
     "f =x",
     "a/ 0700 3:4 @9",
     "a/ 0700 3:4 @9\na/f =x"},
    {"a file into the root", {"f"}, "/", "f =x", "a/", "f =x"},
    {"parents in the way are carried with their own attributes",
     {"f"},
     "/a/b/c/f",
     "f @2 =x",
     "a/ 1777 @5\na/b/ 0711 1:2 @6\na/other",
     "a/ 1777 @5\na/b/ 0711 1:2 @6\na/b/c/ @2\na/b/c/f @2 =x"},
    {"a directory gives what it holds and its time to the destination",
     {"d"},
     "/a",
     "d/ 0700 @8\nd/s/ 0711 @3\nd/s/f @4 =x\nd/l -> ../f",
     "",
     "a/ @8\na/l -> ../f\na/s/ 0711 @3\na/s/f @4 =x"},
    {"a directory merges into one that keeps its attributes",
     {"d/"},
     "/a",
     "d/ 0700 @8\nd/f =x",
     "a/ 0711 5:6 @1\na/g =y",
     "a/ 0711 5:6 @8\na/f =x"},
    {"nested directories that exist take the attributes of the source",
     {"d"},
     "/a",
     "d/ @8\nd/s/ 0700 @3\nd/s/f =x",
     "a/\na/s/ 0711 5:6 @1\na/s/g =y",
     "a/ @8\na/s/ 0700 @3\na/s/f =x"},
    {"the whole origin", {"."}, "/", "d/\nd/f =x\ng =y", "", "d/\nd/f =x\ng =y"},
    {"the way out of the origin is clamped", {"../../f"}, "/", "f =x", "", "f =x"},
    {"an empty directory", {"d"}, "/a", "d/ 0700 @4", "", "a/ @4"},
    {"the last component is dereferenced and keeps its name",
     {"l"},
     "/a/",
     "d/\nd/f =x\nl -> d/f",
     "",
     "a/\na/l =x"},
    {"a link to a directory gives the directory's content",
     {"l"},
     "/a",
     "d/\nd/f =x\nl -> d",
     "",
     "a/\na/f =x"},
    {"a link in the middle of a source is followed",
     {"l/f"},
     "/",
     "d/\nd/f =x\nl -> /d",
     "",
     "f =x"},
    {"links inside a directory stay links",
     {"d"},
     "/",
     "d/\nd/l -> /etc/passwd @4",
     "",
     "l -> /etc/passwd @4"},
    {"every match of a wildcard is a source",
     {"*.c"},
     "/src/",
     "a.c =1\nb.c =2\nc.h =3\nd/\nd/e.c =4",
     "",
     "src/\nsrc/a.c =1\nsrc/b.c =2"},
    {"a wildcard for a directory in the middle",
     {"*/Makefile"},
     "/m/",
     "a/\na/Makefile =1\nb/\nb/other\nc",
     "",
     "m/\nm/Makefile =1"},
    {"matching directories are flattened",
     {"d*"},
     "/o",
     "d1/\nd1/a =1\nd2/\nd2/b =2\nf",
     "",
     "o/\no/a =1\no/b =2"},
    {"a wildcard that matches nothing copies nothing", {"*.x"}, "/o/", "a.c", "", ""},
    {"an escaped wildcard is a character", {"a\\*"}, "/", "a* =1\nab =2", "", "a* =1"},
    {"later sources win", {"a/f", "b/f"}, "/o/", "a/\na/f =1\nb/\nb/f =2", "", "o/\no/f =2"},
    {"several files under one name leave the last", {"a", "b"}, "/o", "a =1\nb =2", "", "o =2"},
    {"a file goes into the directory that the source before it made",
     {"d", "f"},
     "/o",
     "d/ @3\nd/x =1\nf =2",
     "",
     "o/ @3\no/f =2\no/x =1"},
    {"a slash behind a file means nothing", {"f/"}, "/o", "f =x", "", "o =x"},
    {"without parents two stars are one",
     {"**/f"},
     "/o/",
     "d/\nd/e/\nd/e/f =1\nd/f =2",
     "",
     "o/\no/f =2"},
    {"a link that is the destination leads to what is written",
     {"f"},
     "/link",
     "f =x",
     "dir/\nlink -> dir/target",
     "dir/\ndir/target =x"},
    {"a link in a directory that is the destination is replaced",
     {"f"},
     "/dir/",
     "f =x",
     "dir/\ndir/f -> ../other\nother =y",
     "dir/\ndir/f =x"},
    {"a destination that is a link to a directory",
     {"f"},
     "/var/run/",
     "f =x",
     "run/ @3\nvar/\nvar/run -> ../run",
     "run/ @3\nrun/f =x"},
    {"a destination that leads through a link",
     {"f"},
     "/lib/x/f",
     "f =x",
     "usr/ @1\nusr/lib/ @2\nlib -> usr/lib",
     "usr/ @1\nusr/lib/ @2\nusr/lib/x/\nusr/lib/x/f =x"},
    {"a file takes the place of a file and of a link",
     {"d"},
     "/o",
     "d/\nd/a =1\nd/b =2",
     "o/\no/a 0777 =old\no/b -> /etc/target",
     "o/\no/a =1\no/b =2"},
    {"hard links stay within one copy",
     {"d"},
     "/o",
     "d/\nd/a 0755 @3 =x\nd/b => d/a\nd/c => d/a",
     "",
     "o/\no/a 0755 @3 =x\no/b => o/a\no/c => o/a"},
    {"one name of a hard link alone is a file",
     {"d/b"},
     "/o",
     "d/\nd/a 0755 @3 =x\nd/b => d/a",
     "",
     "o 0755 @3 =x"},
    {"hard links across sources of one copy",
     {"a", "b"},
     "/o/",
     "a 0755 =x\nb => a",
     "",
     "o/\no/a 0755 =x\no/b => o/a"},
    {"a file that is copied twice is two files",
     {"d", "d/s"},
     "/o",
     "d/\nd/s/\nd/s/f =x",
     "",
     "o/\no/f =x\no/s/\no/s/f =x"},
    {"what an origin implies without an entry",
     {"d"},
     "/o",
     "d/s/f @4 =x",
     "",
     "o/ @4\no/s/ @4\no/s/f @4 =x"},
    {"devices and capabilities",
     {"d"},
     "/o",
     "d/\nd/n 0666 c 1:3\nd/ping ^cap =x",
     "",
     "o/\no/n c 1:3\no/ping ^cap =x"},
};

}  // namespace

TEST_CASE("COPY lays its sources out as the reference says") {
  for (const Case& each : cases) {
    CAPTURE(each.name);
    const auto copy = copy_of(each.sources, each.destination);
    CHECK(copied(copy, each.origin, each.parent, {}) == normal(each.expected));
  }
}

TEST_CASE("files of a build context belong to root and those of a stage keep their owner") {
  const auto copy = copy_of({"d"}, "/o");
  const auto text = "d/ 5:6\nd/s/ 5:6\nd/s/f 5:6 =x";
  CHECK(copied(copy, text, "", {}) == normal("o/\no/s/ 5:6\no/s/f 5:6 =x"));
  CopyLook look;
  look.from_context = true;
  CHECK(copied(copy, text, "", look) == normal("o/\no/s/\no/s/f =x"));
}

TEST_CASE("chown goes to all that is copied and made") {
  CopyLook look;
  look.owner = Owner{7, 8};
  look.from_context = true;
  const auto copy = copy_of({"d"}, "/a/b");
  CHECK(copied(copy, "d/\nd/f =x\nd/l -> f", "a/ 1:1", look) ==
        normal("a/ 1:1\na/b/ 7:8\na/b/f 7:8 =x\na/b/l -> f 7:8"));
}

TEST_CASE("chmod goes to files and directories that are copied but to no link") {
  CopyLook look;
  look.mode = ModeChange::parse("640");
  CHECK(copied(copy_of({"d"}, "/a"), "d/ 0700\nd/s/\nd/f 4755 =x\nd/l -> f", "a/ 0711", look) ==
        normal("a/ 0711\na/f 0640 =x\na/l -> f\na/s/ 0640"));
}

TEST_CASE("an octal chmod gives its permissions to directories that are made") {
  CopyLook look;
  look.mode = ModeChange::parse("4750");
  CHECK(copied(copy_of({"f"}, "/a/b/f"), "f =x", "a/", look) ==
        normal("a/\na/b/ 0750\na/b/f 4750 =x"));
  CHECK(copied(copy_of({"d"}, "/a"), "d/ 0700\nd/f =x", "", look) ==
        normal("a/ 0750\na/f 4750 =x"));
}

TEST_CASE("a symbolic chmod changes what is copied and not what is made") {
  CopyLook look;
  look.mode = ModeChange::parse("u=rwX,go=");
  CHECK(copied(copy_of({"d"}, "/a"), "d/ 0711\nd/s/ 0755\nd/x 0755 =x\nd/f 0664 =y\nd/l -> f", "",
               look) == normal("a/\na/f 0600 =y\na/l -> f\na/s/ 0700\na/x 0700 =x"));
}

TEST_CASE("what is made is as old as the oldest that is copied") {
  const auto copy = copy_of({"d/f", "d/g", "d/h"}, "/a/b/");
  CHECK(copied(copy, "d/ @9\nd/f @60 =x\nd/g @40 =x\nd/h @90 =x", "", {}) ==
        normal("a/ @40\na/b/ @40\na/b/f @60 =x\na/b/g @40 =x\na/b/h @90 =x"));
}

TEST_CASE("nothing is newer than the epoch and what is made has it") {
  CopyLook look;
  look.newest = 50;
  CHECK(copied(copy_of({"d"}, "/a/b"), "d/ @90\nd/f @40 =x\nd/g @60 =x", "", look) ==
        normal("a/ @50\na/b/ @50\na/b/f @40 =x\na/b/g @50 =x"));
}

TEST_CASE("clashes of directories and files are refused") {
  CHECK(failure(copy_of({"d"}, "/f"), "d/\nd/x", "f") ==
        "cannot make the directory \"/f\": there is a file of that name");
  CHECK(failure(copy_of({"d"}, "/o"), "d/\nd/x/", "o/\no/x").find("over the file \"/o/x\"") !=
        std::string::npos);
  CHECK(failure(copy_of({"d"}, "/o"), "d/\nd/x/", "o/\no/x -> y").find("symbolic link") !=
        std::string::npos);
  CHECK(failure(copy_of({"x"}, "/o/"), "x", "o/\no/x/").find("over the directory \"/o/x\"") !=
        std::string::npos);
  CHECK(failure(copy_of({"x"}, "/f/y"), "x", "f").find("there is a file of that name") !=
        std::string::npos);
}

TEST_CASE("a source that is not there is named with the reason or the nearest name") {
  TextOrigin origin("src/\nsrc/main.cpp\nlost -> gone");
  origin.absent["debug.log"] = "excluded by the pattern \"*.log\" (.dockerignore:3)";
  const auto message = [&](const std::string& source) -> std::string {
    try {
      find_sources(copy_of({source}, "/"), origin);
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::not_found);
      return error.what();
    }
    return "no error";
  };
  CHECK(message("src/main.cp") ==
        "\"src/main.cp\" is not in the build context\n  did you mean \"src/main.cpp\"?");
  CHECK(message("debug.log").find("excluded by the pattern \"*.log\" (.dockerignore:3)") !=
        std::string::npos);
  CHECK(message("lost").find("it leads to \"gone\"") != std::string::npos);
  CHECK(message("main.cpp") ==
        "\"main.cpp\" is not in the build context\n  did you mean \"src/main.cpp\"?");
  CHECK(message("source/main.cpp") ==
        "\"source/main.cpp\" is not in the build context\n  did you mean \"src/main.cpp\"?");
  CHECK(message("l*").find("\"lost\" is not in the build context\n  it leads to \"gone\"") == 0);
  CHECK(message("*/lost") == "no error");
  CHECK(message("scr/*.cpp") == "\"scr\" is not in the build context\n  did you mean \"src\"?");
  CHECK(message("src/*/*.h") == "no error");
  CHECK(message("src/main.cpp/x").find("is not in the build context") != std::string::npos);
}

TEST_CASE("a malformed pattern is an error of the Dockerfile") {
  TextOrigin origin("a");
  CHECK_THROWS_AS(find_sources(copy_of({"*[a"}, "/"), origin), Error);
}

TEST_CASE("a heredoc is a plain file of root with the time of the oldest file beside it") {
  plan::CopyFiles copy = copy_of({}, "/etc/conf");
  copy.inline_files.push_back({"EOF", "text\n"});
  const auto set = copy_set(copy, {}, nullptr, parse_view("etc/ @5"), {}, {});
  const Tree tree = set.tree();
  REQUIRE(tree.find("etc/conf"));
  const Entry& entry = *tree.find("etc/conf");
  CHECK(entry.mode == 0644);
  CHECK(entry.size == 5);
  CHECK(entry.mtime == 0);
  CHECK(std::get<std::string_view>(set.bytes_of("etc/conf")) == "text\n");
  CHECK(tree.find("etc")->mtime == 5);
  CHECK(std::holds_alternative<std::monostate>(set.bytes_of("etc")));
}

TEST_CASE("several heredocs go into a directory under their names") {
  plan::CopyFiles copy = copy_of({"f"}, "/d/");
  copy.inline_files = {{"one", "1"}, {"two", "2"}};
  CopyLook look;
  look.mode = ModeChange::parse("0700");
  look.owner = Owner{3, 4};
  TextOrigin origin("f @9 =x");
  const auto sources = find_sources(copy, origin);
  const auto set = copy_set(copy, sources, &origin, RootfsView(), look, {});
  const auto expected =
      "d/ 0700 3:4 @9\nd/f 0700 3:4 @9 =x\nd/one 0700 3:4 @9 =1\nd/two 0700 3:4 @9 =2";
  CHECK(print_tree(set.tree()) == normal(expected));
}

TEST_CASE("the result is the same for any parent that shows the same at the destination") {
  const auto copy = copy_of({"d"}, "/a/b");
  const auto origin = "d/ @3\nd/f =x";
  CHECK(copied(copy, origin, "a/\nz =1", {}) == copied(copy, origin, "a/\na/other =2\ny/", {}));
}
