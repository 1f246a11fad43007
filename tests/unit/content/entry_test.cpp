#include "strata/content/entry.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "unit/content/entries.hpp"

using namespace strata;
using namespace strata::test;

namespace {

struct Change {
  std::string words;
  std::function<void(Entry&)> make;
};

const std::vector<Change> changes{
    {"file -> fifo", [](Entry& e) { e.type = EntryType::fifo; }},
    {"content", [](Entry& e) { e.content = ContentDigest(Digest::of("other")); }},
    {"size 5 -> 6", [](Entry& e) { e.size = 6; }},
    {"link target \"\" -> \"x\"", [](Entry& e) { e.rare.edit().link = "x"; }},
    {"mode 0644 -> 4755", [](Entry& e) { e.mode = 04755; }},
    {"owner 0:0 -> 1000:0", [](Entry& e) { e.uid = 1000; }},
    {"owner 0:0 -> 0:1000", [](Entry& e) { e.gid = 1000; }},
    {"device 0:0 -> 1:0", [](Entry& e) { e.rare.edit().device_major = 1; }},
    {"device 0:0 -> 0:3", [](Entry& e) { e.rare.edit().device_minor = 3; }},
    {"extended attribute \"user.a\"",
     [](Entry& e) {
       e.rare.edit().xattrs = {{"user.a", "1"}};
     }},
};

}  // namespace

TEST_CASE("every attribute tells entries apart and is named") {
  for (const Change& change : changes) {
    const Entry before = file("f", "hello");
    Entry after = before;
    change.make(after);
    CHECK_FALSE(same_entry(before, after, CompareTimes::no));
    CHECK(describe_difference(before, after) == change.words);
  }
}

TEST_CASE("times count only where asked for and the place in a tar never") {
  const Entry before = file("f", "hello");
  Entry after = before;
  after.data_offset = 512;
  CHECK(same_entry(before, after, CompareTimes::yes));
  after.mtime = 7;
  CHECK(same_entry(before, after, CompareTimes::no));
  CHECK_FALSE(same_entry(before, after, CompareTimes::yes));
  CHECK(describe_difference(before, after).empty());
}

TEST_CASE("the first attribute that differs is named whichever side has it") {
  Entry before = file("f");
  Entry after = before;
  before.rare.edit().xattrs = {{"a", "1"}, {"b", "1"}};
  after.rare.edit().xattrs = {{"a", "1"}, {"c", "1"}};
  CHECK(describe_difference(before, after) == "extended attribute \"b\"");
  CHECK(describe_difference(after, before) == "extended attribute \"b\"");
  after.rare.edit().xattrs = {{"a", "1"}};
  CHECK(describe_difference(before, after) == "extended attribute \"b\"");
  after.rare.edit().xattrs = {{"a", "2"}, {"b", "1"}};
  CHECK(describe_difference(before, after) == "extended attribute \"a\"");
}
