#include "strata/context/place.hpp"

#include <doctest/doctest.h>

#include "strata/base/error.hpp"

namespace strata::context {

namespace {

GitReference git(std::string_view text) {
  auto found = find_git_reference(text);
  REQUIRE(found);
  return *found;
}

std::string refusal(std::string_view text) {
  try {
    find_git_reference(text);
    return {};
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::usage);
    return error.message();
  }
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("repositories are known by their addresses") {
  for (const char* text : {"https://h/p.git", "http://h/p.git#main", "https://h/p.git?ref=x",
                           "git://h/p", "ssh://git@h/p", "git@h:p.git", "user@h:a/b"})
    CHECK_MESSAGE(find_git_reference(text), text);
  for (const char* text : {"https://h/p", "https://h/p.git/x", "https://h/p?x=.git", "p.git",
                           "a/b@c:d", "file:///p.git", "github.com/o/p", "h:p", "@h:p", "a@:b", ""})
    CHECK_MESSAGE(!find_git_reference(text), text);
}

TEST_CASE("a fragment names ref and directory") {
  CHECK(git("https://h/p.git").ref.empty());
  CHECK(git("https://h/p.git#v1").ref == "v1");
  CHECK(git("https://h/p.git#v1:a/b/").subdir == "a/b");
  CHECK(git("https://h/p.git#v1:a").ref == "v1");
  CHECK(git("https://h/p.git#:a").ref.empty());
  CHECK(git("https://h/p.git#:a").subdir == "a");
  CHECK(git("git@h:p.git#v1:a").url == "git@h:p.git");
  CHECK(git("git@h:p.git#v1:a").ref == "v1");
  CHECK(git("https://h/p.git#x:../../etc").subdir == "etc");
  CHECK(git("https://h/p.git#x").url == "https://h/p.git");
}

TEST_CASE("a query says the same and more") {
  const auto all = git(
      "https://h/p.git?branch=a/b&subdir=d%2Fe&checksum=ABCDEF1&keep-git-dir=true&submodules=false"
      "&mtime=checkout");
  CHECK(all.url == "https://h/p.git");
  CHECK(all.ref == "refs/heads/a/b");
  CHECK(all.subdir == "d/e");
  CHECK(all.checksum == "abcdef1");
  CHECK(all.keep_git_dir);
  CHECK(!all.submodules);
  CHECK(all.times == GitReference::Times::checkout);
  CHECK(git("https://h/p.git?tag=v1").ref == "refs/tags/v1");
  CHECK(git("https://h/p.git?commit=abc").checksum == "abc");
  CHECK(git("https://h/p.git?keep-git-dir").keep_git_dir);
  const std::string id(40, 'a');
  CHECK(git("https://h/p.git?fetch-by-commit=1&commit=" + id).fetch_by_commit);
}

TEST_CASE("what git could take for something else is refused") {
  for (const char* text :
       {"https://h/p.git#-x", "https://h/p.git#--upload-pack=id", "https://h/p.git#+a",
        "https://h/p.git#a..b", "https://h/p.git#a@{1}", "https://h/p.git#a^",
        "https://h/p.git#a~1", "https://h/p.git#a*", "https://h/p.git?ref=a%20b",
        "https://h/p.git?tag=a:b", "https://h/p.git#a/", "ssh://-oProxyCommand=id/p",
        "ssh://-x@h/p", "-x@h:p", "git@-h\n:p", "https://h/p.git#a\tb"})
    CHECK_MESSAGE(!refusal(text).empty(), text);
}

TEST_CASE("contradictions and misspelt wishes are refused by name") {
  CHECK(contains(refusal("https://h/p.git?branch=a&tag=b"), "names two refs"));
  CHECK(contains(refusal("https://h/p.git?ref=a#b"), "names two refs"));
  CHECK(contains(refusal("https://h/p.git?brunch=a"), "has no \"brunch\"; it knows ref, branch"));
  CHECK(contains(refusal("https://h/p.git?submodules=maybe"), "expected true or false"));
  CHECK(contains(refusal("https://h/p.git?mtime=now"), "expected commit or checkout"));
  CHECK(contains(refusal("https://h/p.git?checksum=xyz"), "expected the hex digits"));
  CHECK(contains(refusal("https://h/p.git?fetch-by-commit"), "needs checksum="));
}

TEST_CASE("credentials are shown to nobody") {
  CHECK(to_string(git("https://me:secret@h/p.git#v1:d")) == "https://xxxxx@h/p.git#v1:d");
  CHECK(!contains(refusal("https://me:secret@h/p.git#-x"), "secret"));
}

}  // namespace strata::context
