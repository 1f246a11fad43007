#include "strata/context/commit_time.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"
#include "unit/scratch_directory.hpp"

using namespace strata;

namespace {

/// Runs git in a directory, as a user would, with a fixed time of committing.
void git(const test::ScratchDirectory& directory, const std::string& words) {
  const std::string command =
      cat("cd ", directory.path(),
          " && GIT_COMMITTER_DATE='1500000000 +0500' GIT_AUTHOR_DATE='1400000000 +0000'"
          " GIT_CONFIG_GLOBAL=/dev/null git -c user.name=n -c user.email=e ",
          words, " >/dev/null 2>&1");
  REQUIRE(std::system(command.c_str()) == 0);
}

void make_repository(const test::ScratchDirectory& directory) {
  directory.write("file", "x");
  git(directory, "init");
  git(directory, "add file");
  git(directory, "commit -m first");
}

std::string failure(const std::string& directory) {
  try {
    context::commit_time(directory);
    return "no error";
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::not_found);
    return error.what();
  }
}

}  // namespace

TEST_CASE("the time of the commit is the committer's") {
  const test::ScratchDirectory directory;
  make_repository(directory);
  CHECK(context::commit_time(directory.path()) == 1500000000);
  directory.write("sub/file", "y");
  CHECK(context::commit_time(directory.path() + "/sub") == 1500000000);
}

TEST_CASE("where nothing is committed git says why") {
  const test::ScratchDirectory directory;
  CHECK(failure(directory.path()).find("git: fatal: not a git repository") != std::string::npos);
  git(directory, "init");
  CHECK(failure(directory.path()).find("no commit is checked out in") == 0);
}

TEST_CASE("nothing that a repository configures is started") {
  const test::ScratchDirectory directory;
  make_repository(directory);
  const std::string trap = cat("touch ", directory.path(), "/sprung;:");
  for (const char* key : {"core.fsmonitor", "core.pager", "gpg.program", "core.sshCommand",
                          "diff.external", "core.editor", "alias.rev-list"})
    git(directory, cat("config ", key, " '", trap, "'"));
  git(directory, "config log.showSignature true");
  CHECK(context::commit_time(directory.path()) == 1500000000);
  CHECK_FALSE(directory.root().find_stat("sprung"));
}
