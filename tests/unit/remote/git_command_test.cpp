#include "remote/git_command.hpp"

#include <doctest/doctest.h>

#include "strata/base/error.hpp"
#include "unit/scratch_directory.hpp"

namespace strata::remote {

TEST_CASE("credentials leave the words of the command for its environment") {
  const auto address = make_address("https://me:s%20ecret@h:8443/p.git");
  CHECK(address.url == "https://h:8443/p.git");
  REQUIRE(address.environment.size() == 5);
  CHECK(address.environment[1] == "GIT_CONFIG_KEY_0=http.https://h:8443/.extraHeader");
  CHECK(address.environment[2] == "GIT_CONFIG_VALUE_0=Authorization: Basic bWU6cyBlY3JldA==");
  CHECK(make_address("https://token@h/p.git").environment[2].ends_with(" dG9rZW46"));
  CHECK(make_address("ssh://git:secret@h/p.git").url == "ssh://git@h/p.git");
  CHECK(make_address("git@h:p.git").url == "git@h:p.git");
  CHECK(make_address("https://h/p.git").environment.empty());
}

TEST_CASE("a header goes before the words of the URL and stays with its origin") {
  const auto address = make_address("https://me:other@h/p.git", "Bearer t");
  CHECK(address.url == "https://h/p.git");
  REQUIRE(address.environment.size() == 5);
  CHECK(address.environment[2] == "GIT_CONFIG_VALUE_0=Authorization: Bearer t");
  CHECK(address.environment[3] == "GIT_CONFIG_KEY_1=http.https://h/.followRedirects");
  CHECK(address.environment[4] == "GIT_CONFIG_VALUE_1=false");
  CHECK(make_address("ssh://git@h/p.git", "Bearer t").environment.empty());
}

TEST_CASE("what came encrypted has no parts that come in the clear") {
  CHECK(make_address("https://h/p.git").protocols == "https:ssh:git");
  CHECK(make_address("http://h/p.git").protocols == "https:ssh:git:http");
}

TEST_CASE("git reads nobody's configuration and says why it failed") {
  const test::ScratchDirectory scratch;
  scratch.write("home/.gitconfig", "[alias]\n\tx = !echo pwned\n");
  const std::string home = scratch.path() + "/home";
  const Git git(make_address("https://h/p.git"), {"PATH=/usr/bin:/bin"}, scratch.path(), home, {});
  CHECK(git.run({"version"}).starts_with("git version"));
  CHECK(!git.find({"x"}));
  try {
    git.run({"ls-remote", "--", "file:///nowhere"});
    FAIL("went there");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::unreachable);
    CHECK(error.message().find("not allowed") != std::string::npos);
  }
}

}  // namespace strata::remote
