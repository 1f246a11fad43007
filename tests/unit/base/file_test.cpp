#include "strata/base/file.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "strata/base/error.hpp"
#include "unit/scratch_directory.hpp"

using namespace strata;
using test::ScratchDirectory;

namespace {

constexpr NewFile::Naming namings[] = {NewFile::Naming::nameless, NewFile::Naming::temporary_name};
constexpr Durability durabilities[] = {Durability::none, Durability::synced};
using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a new file that is dropped leaves nothing") {
  const ScratchDirectory scratch;
  for (const auto naming : namings) {
    NewFile file(scratch.fd(), 0644, naming);
    write_all(file.fd(), "half");
    const NewFile moved = std::move(file);
  }
  CHECK(scratch.root().list("").empty());
}

TEST_CASE("a new file whose process is killed leaves nothing") {
  const ScratchDirectory scratch;
  const int status = test::in_child([&] {
    const NewFile file(scratch.fd());
    write_all(file.fd(), "half");
    ::raise(SIGKILL);
    return true;
  });
  CHECK(WIFSIGNALED(status));
  CHECK(scratch.root().list("").empty());
}

TEST_CASE("a file committed once is there whole and the first one stays") {
  for (const auto naming : namings) {
    for (const auto durability : durabilities) {
      const ScratchDirectory scratch;
      NewFile first(scratch.fd(), 0444, naming);
      write_all(first.fd(), "first");
      CHECK(first.commit_once("name", durability));
      {
        NewFile second(scratch.fd(), 0444, naming);
        write_all(second.fd(), "second");
        CHECK_FALSE(second.commit_once("name", durability));
      }
      CHECK(scratch.read("name") == "first");
      const auto status = scratch.root().find_stat("name");
      REQUIRE(status);
      CHECK((status->st_mode & 07777) == 0444);
    }
  }
}

TEST_CASE("a replacing commit gives the name to the last file and leaves no other name") {
  for (const auto naming : namings) {
    for (const auto durability : durabilities) {
      const ScratchDirectory scratch;
      for (const char* text : {"one", "two", "three"}) {
        NewFile file(scratch.fd(), 0644, naming);
        write_all(file.fd(), text);
        file.commit_replacing("name", durability);
        CHECK(scratch.read("name") == text);
      }
      CHECK(scratch.root().list("") == Names{"name"});
    }
  }
}

TEST_CASE("a commit that fails leaves nothing") {
  const ScratchDirectory scratch;
  scratch.root().make_directory("taken", 0755);
  for (const auto naming : namings) {
    NewFile file(scratch.fd(), 0644, naming);
    CHECK_THROWS_AS(file.commit_replacing("taken", Durability::none), Error);
    NewFile other(scratch.fd(), 0644, naming);
    CHECK_THROWS_AS(other.commit_once("missing/name", Durability::none), Error);
  }
  CHECK(scratch.root().list("") == Names{"taken"});
}

TEST_CASE("a plain user can commit too") {
  const ScratchDirectory scratch;
  scratch.root().make_directory("his", 0755);
  REQUIRE(::fchownat(scratch.fd(), "his", 4242, 4242, 0) == 0);
  const Root his = scratch.root().open_directory("his");
  const int status = test::in_child([&] {
    if (::setresuid(4242, 4242, 4242) != 0) return false;
    NewFile file(his.fd());
    write_all(file.fd(), "his");
    return file.commit_once("name", Durability::synced);
  });
  CHECK(status == 0);
  CHECK(scratch.read("his/name") == "his");
}

TEST_CASE("a descriptor has no room for a new file where the disk is not") {
  CHECK_THROWS_AS(NewFile(-1), Error);
}

TEST_CASE("small files are read whole or not found") {
  const ScratchDirectory scratch;
  write_file(scratch.fd(), "file", "text", Durability::none);
  write_file(scratch.fd(), "file", "newer", Durability::synced);
  CHECK(find_small_file(scratch.fd(), "file", 5) == "newer");
  CHECK_FALSE(find_small_file(scratch.fd(), "none", 5));
  CHECK_THROWS_WITH_AS(find_small_file(scratch.fd(), "file", 4), "\"file\" is larger than 4 bytes",
                       Error);
  scratch.root().make_symlink("link", "file");
  CHECK_THROWS_AS(find_small_file(scratch.fd(), "link", 5), Error);
}

TEST_CASE("a file that the user names is read or the error says why not") {
  const ScratchDirectory scratch;
  scratch.write("file", "text");
  CHECK(read_host_file(scratch.path() + "/file", 4) == "text");
  CHECK_THROWS_AS(read_host_file(scratch.path() + "/file", 3), Error);
  try {
    read_host_file(scratch.path() + "/none", 4);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::not_found);
  }
  CHECK_THROWS_AS(read_host_file(scratch.path(), 4), Error);
}
