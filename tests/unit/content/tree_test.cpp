#include "strata/content/tree.hpp"

#include <doctest/doctest.h>

#include <set>

#include "content/byte_codec.hpp"
#include "strata/base/error.hpp"
#include "unit/content/random_files.hpp"

using namespace strata;
using namespace strata::test;

namespace {

std::vector<std::string> paths_of(std::span<const Entry> entries) {
  std::vector<std::string> paths;
  for (const Entry& entry : entries) paths.push_back(entry.path);
  return paths;
}

Tree random_tree(unsigned seed) {
  RandomFiles random(seed);
  Files files = random.files();
  return random.layer(files);
}

}  // namespace

TEST_CASE("a tree is sorted so that what a directory holds follows it") {
  const Tree tree({file("a.x"), file("a/b"), directory("a"), file("a-"), opaque("a")});
  CHECK(paths_of(tree.entries()) == std::vector<std::string>{"a", "a", "a/b", "a-", "a.x"});
  CHECK(tree.entries()[1].type == EntryType::opaque);
}

TEST_CASE("a path stands in a tree once but for an opaque mark") {
  CHECK_THROWS_AS(Tree({file("a"), file("a")}), Error);
  CHECK_THROWS_AS(Tree({directory("a"), directory("a")}), Error);
  CHECK_THROWS_AS(Tree({opaque("a"), opaque("a")}), Error);
  CHECK_THROWS_AS(Tree({file("a"), opaque("a")}), Error);
  CHECK_THROWS_AS(Tree({file("a"), whiteout("a")}), Error);
  CHECK_THROWS_AS(Tree({directory("a"), opaque("a"), opaque("a")}), Error);
  CHECK_NOTHROW(Tree({directory("a"), opaque("a")}));
}

TEST_CASE("only directories hold something") {
  CHECK_THROWS_AS(Tree({file("a"), file("a/b")}), Error);
  CHECK_THROWS_AS(Tree({soft_link("a", "b"), file("a/b/c")}), Error);
  CHECK_THROWS_AS(Tree({file(""), file("a")}), Error);
  CHECK_NOTHROW(Tree({whiteout("a"), file("a/b")}));
  CHECK_NOTHROW(Tree({file("a/b")}));
  CHECK_NOTHROW(Tree({file("a"), file("ab")}));
}

TEST_CASE("entries and runs are found by path") {
  const Tree tree({directory("a"), opaque("a"), file("a/b"), directory("a/c"), file("a/c/d"),
                   file("a-"), opaque("z")});
  CHECK(tree.find("a")->is_directory());
  CHECK(tree.find("a/c/d")->is_file());
  CHECK(tree.find("a/x") == nullptr);
  CHECK(tree.find("z") == nullptr);
  CHECK(tree.find("") == nullptr);
  CHECK(tree.has_opaque("a"));
  CHECK(tree.has_opaque("z"));
  CHECK_FALSE(tree.has_opaque("a/c"));
  CHECK(paths_of(tree.below("a")) == std::vector<std::string>{"a/b", "a/c", "a/c/d"});
  CHECK(tree.below("a-").empty());
  CHECK(tree.below("").size() == 7);
  CHECK(tree.file_bytes() == 0);
}

TEST_CASE("a tree is encoded and decoded the same") {
  for (unsigned seed = 0; seed < 2'000; ++seed) {
    const Tree tree = random_tree(seed);
    const bool is_same = text_of(decode_tree(encode_tree(tree))) == text_of(tree);
    CHECK_MESSAGE(is_same, "seed " << seed);
    if (!is_same) break;
  }
}

TEST_CASE("extreme values survive the encoding") {
  Entry entry = file("f");
  entry.mode = 07777;
  entry.uid = entry.gid = 0xffffffff;
  entry.mtime = INT64_MIN;
  entry.size = UINT64_MAX / 2;
  entry.data_offset = UINT64_MAX / 2;
  entry.rare.edit().xattrs = {{"a", std::string("\0\xff", 2)}, {"b", ""}};
  Entry other = file("g");
  other.mtime = INT64_MAX;
  other.data_offset = 1;
  other.content.reset();
  const Tree tree({entry, other});
  const Tree back = decode_tree(encode_tree(tree));
  CHECK(text_of(back) == text_of(tree));
  CHECK(back.find("f")->data_offset == entry.data_offset);
  CHECK(back.find("g")->data_offset == 1);
}

TEST_CASE("claims in a tree's bytes are not believed") {
  // Well sealed, but made by somebody who lies.
  const auto sealed = [](auto fill) {
    ByteWriter out("STRTREE1");
    fill(out);
    return out.finish_document();
  };
  const auto is_refused = [&](auto fill) { CHECK_THROWS_AS(decode_tree(sealed(fill)), Error); };
  CHECK(decode_tree(sealed([](ByteWriter& out) { out.put_number(0); })).empty());
  is_refused([](ByteWriter&) {});
  is_refused([](ByteWriter& out) { out.put_number(1); });
  is_refused([](ByteWriter& out) { out.put_number(5'000'001); });
  is_refused([](ByteWriter& out) { out.put_number(UINT64_MAX); });
  is_refused([](ByteWriter& out) {
    out.put_number(0);
    out.put_byte(0);
  });
  is_refused([](ByteWriter& out) {  // a path that shares more than there is
    out.put_number(1);
    out.put_byte(7);
    out.put_number(1);
    out.put_text("a");
  });
  is_refused([](ByteWriter& out) {  // an unknown type
    out.put_number(1);
    out.put_byte(9);
    out.put_number(0);
    out.put_text("a");
  });
  is_refused([](ByteWriter& out) {  // a text longer than what is left
    out.put_number(1);
    out.put_byte(7);
    out.put_number(0);
    out.put_number(UINT64_MAX);
  });
}

TEST_CASE("one digest means the same entries") {
  std::map<std::string, std::string> known;
  for (unsigned seed = 0; seed < 2'000; ++seed) {
    const Tree tree = random_tree(seed);
    const std::string digest = tree_digest(tree, CompareTimes::yes).hex();
    const auto [place, is_new] = known.try_emplace(digest, text_of(tree));
    CHECK(place->second == text_of(tree));
  }
  std::set<std::string> texts;
  for (const auto& [digest, text] : known) texts.insert(text);
  CHECK(texts.size() == known.size());
}

TEST_CASE("a digest looks at times only where asked and never at places") {
  Entry entry = file("f", "hello");
  const Tree before({entry});
  entry.data_offset = 512;
  CHECK(tree_digest(before, CompareTimes::yes) == tree_digest(Tree({entry}), CompareTimes::yes));
  entry.mtime = 5;
  CHECK(tree_digest(before, CompareTimes::no) == tree_digest(Tree({entry}), CompareTimes::no));
  CHECK(tree_digest(before, CompareTimes::yes) != tree_digest(Tree({entry}), CompareTimes::yes));
  CHECK(tree_digest(before, CompareTimes::no) != tree_digest(before, CompareTimes::yes));
  entry.content.reset();
  CHECK_THROWS_AS(tree_digest(Tree({entry}), CompareTimes::no), Error);
}

TEST_CASE("the bytes of a tree stay what they are") {
  // Trees are kept on disk: another encoding needs another magic.
  Entry entry = file("d/f", "hello");
  entry.data_offset = 1024;
  const Tree tree({directory("d"), entry, hard_link("l", "d/f"), whiteout("w")});
  CHECK(Digest::of(encode_tree(tree)).short_hex() == "caf0857cf33b");
  CHECK(tree_digest(tree, CompareTimes::no).short_hex() == "4586a4553a8f");
}
