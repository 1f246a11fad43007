#include "exec/upper_diff.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "strata/base/path.hpp"
#include "text_tree.hpp"

using namespace strata;
using namespace strata::exec;

namespace {

/// An upper directory as text_tree.hpp writes trees: "!" is a whiteout, "!!" the mark of an opaque
/// directory, "=>" a further name of a file. Sockets are added by name.
struct Upper {
  Tree tree;
  std::vector<UpperFile> files;

  explicit Upper(std::string_view text, const std::vector<std::string>& sockets = {})
      : tree(parse_tree(text)) {
    for (const Entry& entry : tree.entries()) add(entry);
    for (const std::string& path : sockets) {
      UpperFile file;
      file.entry.path = path;
      file.socket = true;
      files.push_back(std::move(file));
    }
    std::sort(files.begin(), files.end(), [](const UpperFile& left, const UpperFile& right) {
      return PathLess{}(left.entry.path, right.entry.path);
    });
  }

  void add(const Entry& entry) {
    if (entry.type == EntryType::opaque) {
      files.back().opaque = true;
      return;
    }
    UpperFile file;
    file.entry = entry;
    if (entry.type == EntryType::hard_link) {
      const auto first = std::find_if(files.begin(), files.end(), [&](const UpperFile& other) {
        return other.entry.path == entry.rare->link;
      });
      const auto inode = static_cast<ino_t>(first - files.begin() + 1);
      first->inode = {1, inode};
      file.entry = first->entry;
      file.entry.path = entry.path;
      file.inode = {1, inode};
    }
    file.entry.content.reset();
    files.push_back(std::move(file));
  }

  ContentDigest digest(const std::string& path) const {
    const Entry* entry = tree.find(path);
    if (entry->type == EntryType::hard_link) entry = tree.find(entry->rare->link);
    return entry->content.value();
  }
};

/// The contents that write_layer would find.
Tree with_contents(const Tree& diff, const Upper& upper) {
  std::vector<Entry> entries(diff.entries().begin(), diff.entries().end());
  for (Entry& entry : entries)
    if (entry.is_file()) entry.content = upper.digest(entry.path);
  return Tree(std::move(entries));
}

std::string diffed(const Upper& upper, const RootfsView& parent,
                   std::optional<std::int64_t> newest = std::nullopt) {
  const auto digest = [&](const std::string& path) { return upper.digest(path); };
  return print_tree(with_contents(diff_upper(upper.files, parent, newest, digest), upper));
}

std::string diffed(std::string_view upper, std::string_view parent) {
  return diffed(Upper(upper), parse_view(parent));
}

std::string normal(std::string_view listing) { return print_tree(parse_tree(listing)); }

}  // namespace

TEST_CASE("new and changed files come with the directories above them") {
  CHECK(diffed("a/ @1\na/b/ @2\na/b/new =x\na/f 0600 =y", "a/ @1\na/f 0644 =y\nz") ==
        normal("a/ @1\na/b/ @2\na/b/new =x\na/f 0600 =y"));
}

TEST_CASE("what was only copied up is left out") {
  CHECK(diffed("a/ @1\na/f 4755 3:4 @7 ^cap =x\na/l -> f @3",
               "a/ @1\na/f 4755 3:4 @7 ^cap =x\n"
               "a/l -> f @3") == "");
}

TEST_CASE("equal size and time do not hide other bytes") {
  CHECK(diffed("f @7 =abc", "f @7 =abd") == normal("f @7 =abc"));
}

TEST_CASE("any attribute that differs is told") {
  const std::string_view parent = "f 0644 1:2 @7 ^cap =x";
  for (const std::string_view upper :
       {"f 0645 1:2 @7 ^cap =x", "f 0644 3:2 @7 ^cap =x", "f 0644 1:3 @7 ^cap =x",
        "f 0644 1:2 @8 ^cap =x", "f 0644 1:2 @7 ^pac =x", "f 0644 1:2 @7 =x", "f -> x @7"})
    CHECK(diffed(upper, parent) == normal(upper));
}

TEST_CASE("a whiteout counts only where the parent shows something") {
  CHECK(diffed("a/\na/f !\na/g !\nproc !", "a/\na/f") == normal("a/\na/f !"));
}

TEST_CASE("a whiteout of what a lower layer removed already means nothing") {
  const RootfsView parent({std::make_shared<const Tree>(parse_tree("f =x")),
                           std::make_shared<const Tree>(parse_tree("f !"))});
  CHECK(diffed(Upper("f !"), parent) == "");
}

TEST_CASE("an opaque directory is spelled out as whiteouts") {
  CHECK(diffed("d/ @9\nd/ !!\nd/new =1\nd/old @3 =2", "d/\nd/gone\nd/old @3 =2\nd/sub/\nd/sub/f") ==
        normal("d/ @9\nd/gone !\nd/new =1\nd/sub !"));
}

TEST_CASE("directories inside an opaque one hide the parent's too") {
  CHECK(diffed("d/ @9\nd/ !!\nd/s/ @9\nd/s/new =1\ne/ @9\ne/f =2",
               "d/\nd/s/\nd/s/old =0\nd/s/t/\nd/s/t/x\ne/\ne/keep") ==
        normal("d/ @9\nd/s/ @9\nd/s/new =1\nd/s/old !\nd/s/t !\ne/ @9\ne/f =2"));
}

TEST_CASE("a change of type needs no whiteout") {
  CHECK(diffed("a/ @2\na/new =1\nb =file\nc -> a", "a =was\nb/\nb/inner\nc/") ==
        normal("a/ @2\na/new =1\nb =file\nc -> a"));
}

TEST_CASE("names of one file are the file and hard links to it") {
  CHECK(diffed("a =x\nd/\nd/b => a\nd/c => a", "") == normal("a =x\nd/\nd/b => a\nd/c => a"));
}

TEST_CASE("a new name of an old file brings the old one along") {
  CHECK(diffed("a @5 =x\nb => a", "a @5 =x") == normal("a @5 =x\nb => a"));
}

TEST_CASE("equal files that have become one are told") {
  CHECK(diffed("a @5 =x\nb => a", "a @5 =x\nb @5 =x") == normal("a @5 =x\nb => a"));
  CHECK(diffed("a @5 =x\nb => a", "a @5 =x\nb => a") == "");
}

TEST_CASE("a copied-up name of a hard link is compared with the file it names") {
  CHECK(diffed("b @5 =x", "a @5 =x\nb => a") == "");
  CHECK(diffed("b @6 =y", "a @5 =x\nb => a") == normal("b @6 =y"));
}

TEST_CASE("sockets are in no layer but what they replace is gone") {
  CHECK(diffed(Upper("d/ @4", {"d/new", "d/old"}), parse_view("d/ @1\nd/old =x")) ==
        normal("d/ @4\nd/old !"));
}

TEST_CASE("what the sandbox made on its way leaves nothing") {
  CHECK(diffed("proc !\nrun/\nrun/secrets !", "run/") == "");
}

TEST_CASE("times are clamped to the epoch and a file that differs by that alone is left out") {
  CHECK(diffed(Upper("a @90 =x\nb @40 =y\nc @90 =z"), parse_view("c @50 =z"), 50) ==
        normal("a @50 =x\nb @40 =y"));
  CHECK(diffed(Upper("c @90 =z"), parse_view("c @90 =z"), 50) == "");
}

TEST_CASE("the diff applied to the parent is what the overlay shows") {
  const auto parent = "bin/\nbin/a =1\nbin/b => bin/a\netc/\netc/x =2\nlib/\nlib/l =3\nvar/\nvar/v";
  const Upper upper(
      "bin/ @5\nbin/b @5 =new\netc/ @6\netc/ !!\netc/y =4\nlib !\nvar/ @7\nvar/v/ @7\nvar/v/w =5");
  const auto digest = [&](const std::string& path) { return upper.digest(path); };
  const Tree layer = with_contents(diff_upper(upper.files, parse_view(parent), {}, digest), upper);
  CHECK(print_tree(apply_layer(parse_tree(parent), layer)) ==
        normal("bin/ @5\nbin/a =1\nbin/b @5 =new\netc/ @6\netc/y =4\nvar/ @7\nvar/v/ @7\n"
               "var/v/w =5"));
}
