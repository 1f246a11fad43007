#include "remote/git_ref.hpp"

#include <doctest/doctest.h>

#include "strata/base/text.hpp"

namespace strata::remote {

namespace {

std::string id(char digit) { return std::string(40, digit); }

const std::string listing =
    cat(id('a'), "\tHEAD\n", id('b'), "\trefs/heads/main\n", id('c'), "\trefs/heads/both\n",
        id('d'), "\trefs/tags/both\n", id('e'), "\trefs/tags/v1\n", id('f'), "\trefs/tags/v1^{}\n",
        id('1'), "\trefs/pull/7/head\n", "garbage\n", "zz\trefs/heads/zz\n");

}  // namespace

TEST_CASE("a name stands for a branch before a tag and for the tag's commit") {
  CHECK(find_commit(listing, "") == id('a'));
  CHECK(find_commit(listing, "HEAD") == id('a'));
  CHECK(find_commit(listing, "main") == id('b'));
  CHECK(find_commit(listing, "both") == id('c'));
  CHECK(find_commit(listing, "refs/tags/both") == id('d'));
  CHECK(find_commit(listing, "v1") == id('f'));
  CHECK(find_commit(listing, "refs/tags/v1") == id('f'));
  CHECK(find_commit(listing, "pull/7/head") == id('1'));
}

TEST_CASE("what a server makes up is no commit") {
  for (const char* ref : {"zz", "absent", "ain", "heads/main/x", "garbage"})
    CHECK_MESSAGE(find_commit(listing, ref).empty(), ref);
  CHECK(find_commit("", "").empty());
}

}  // namespace strata::remote
