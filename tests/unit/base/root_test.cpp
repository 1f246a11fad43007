#include "strata/base/root.hpp"

#include <doctest/doctest.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "strata/base/error.hpp"
#include "unit/base/forbidden_call.hpp"
#include "unit/scratch_directory.hpp"

using namespace strata;
using test::ScratchDirectory;
using Names = std::vector<std::string>;

namespace {

template <class Body>
ErrorKind kind_thrown_by(Body body) {
  try {
    body();
  } catch (const Error& error) {
    return error.kind();
  }
  FAIL("no error");
  return ErrorKind::usage;
}

}  // namespace

TEST_CASE("a root opens what is there and says what is not") {
  const ScratchDirectory scratch;
  const Root& root = scratch.root();
  scratch.write("a/b/file", "text");
  CHECK(scratch.read("a/b/file") == "text");
  CHECK(scratch.read("/../a/./b/../b/file") == "text");
  CHECK(root.open_directory("a").list("b") == Names{"file"});
  CHECK_FALSE(root.find_file("a/none"));
  CHECK_FALSE(root.find_file("a/b/file/below"));
  CHECK(kind_thrown_by([&] { root.open_file("none"); }) == ErrorKind::not_found);
  CHECK(kind_thrown_by([&] { root.list("a/b/file"); }) == ErrorKind::not_found);
  CHECK(kind_thrown_by([&] { Root::open(scratch.path() + "/none"); }) == ErrorKind::not_found);
  CHECK(kind_thrown_by([&] { root.find_stat(std::string_view("a\0b", 3)); }) == ErrorKind::corrupt);
  CHECK(root.clone().list("") == Names{"a"});
}

TEST_CASE("a link at the end is followed only if the caller says so") {
  const ScratchDirectory scratch;
  const Root& root = scratch.root();
  scratch.write("dir/file", "text");
  root.make_symlink("link", "/dir/file");
  root.make_symlink("dirlink", "dir");
  root.make_symlink("dangling", "nowhere");
  CHECK(scratch.read("link") == "text");
  CHECK(scratch.read("dirlink/file") == "text");
  CHECK(root.read_link("link") == "/dir/file");
  CHECK(S_ISLNK(root.find_stat("link")->st_mode));
  CHECK(S_ISREG(root.find_stat("link", Links::follow)->st_mode));
  CHECK(S_ISLNK(root.find_stat("dangling")->st_mode));
  CHECK_FALSE(root.find_stat("dangling", Links::follow));
  CHECK_THROWS_AS(root.open_file("link", O_RDONLY, Links::keep), Error);
  CHECK_THROWS_AS(root.list("dirlink"), Error);
  CHECK(root.list("dirlink", Links::follow) == Names{"file"});
  CHECK_THROWS_AS(root.open_directory("dirlink"), Error);
  CHECK(root.open_directory("dirlink", Links::follow).list("") == Names{"file"});
  CHECK_THROWS_AS(root.read_link("dir/file"), Error);
}

TEST_CASE("names are listed bytewise sorted and every time from the start") {
  const ScratchDirectory scratch;
  for (const char* name : {"b", "a", "B", "\xff", "a.b", ".hidden"}) scratch.write(name, "");
  const Names names = {".hidden", "B", "a", "a.b", "b", "\xff"};
  CHECK(scratch.root().list("") == names);
  CHECK(scratch.root().list("/") == names);
}

TEST_CASE("missing directories are made through links inside the root") {
  const ScratchDirectory scratch;
  const Root& root = scratch.root();
  root.make_directories("a/b/c", 0711);
  CHECK((root.find_stat("a/b")->st_mode & 07777) == 0711);
  root.make_directories("a/b/c/d", 0755);
  CHECK((root.find_stat("a/b")->st_mode & 07777) == 0711);
  root.make_symlink("a/link", "/a/b");
  root.make_directories("a/link/x/../y/./z");
  CHECK(root.find_stat("a/b/y/z"));
  CHECK(root.find_stat("a/b/x"));
  root.make_symlink("up", "../../..");
  root.make_directories("/up/inside/");
  CHECK(root.find_stat("inside"));
  root.make_directories("");
  root.make_directories("/../..");
  scratch.write("file", "");
  root.make_symlink("dangling", "nowhere");
  CHECK(kind_thrown_by([&] { root.make_directories("file/x"); }) == ErrorKind::not_found);
  CHECK(kind_thrown_by([&] { root.make_directories("dangling/x"); }) == ErrorKind::not_found);
}

TEST_CASE("making things never touches what is there already") {
  const ScratchDirectory scratch;
  const Root& root = scratch.root();
  scratch.write("file", "text");
  root.make_symlink("link", "file");
  for (const char* path : {"file", "link"}) {
    CHECK_THROWS_AS(root.create_file(path, 0644), Error);
    CHECK_THROWS_AS(root.make_directory(path, 0755), Error);
    CHECK_THROWS_AS(root.make_symlink(path, "x"), Error);
    CHECK_THROWS_AS(root.make_hard_link(path, "file"), Error);
    CHECK_THROWS_AS(root.make_node(path, S_IFIFO | 0600, 0), Error);
  }
  CHECK(scratch.read("file") == "text");
}

TEST_CASE("a hard link to a link is a link") {
  const ScratchDirectory scratch;
  const Root& root = scratch.root();
  scratch.write("file", "text");
  root.make_symlink("link", "file");
  root.make_hard_link("file2", "/file");
  root.make_hard_link("link2", "link");
  CHECK(root.find_stat("file2")->st_ino == root.find_stat("file")->st_ino);
  CHECK(root.read_link("link2") == "file");
}

TEST_CASE("special files are made as asked") {
  const ScratchDirectory scratch;
  const Root& root = scratch.root();
  root.make_node("fifo", S_IFIFO | 0600, 0);
  CHECK(S_ISFIFO(root.find_stat("fifo")->st_mode));
  if (::geteuid() != 0) return;  // device nodes are for root
  root.make_node("null", S_IFCHR | 0600, makedev(1, 3));
  CHECK(root.find_stat("null")->st_rdev == makedev(1, 3));
}

TEST_CASE("removing takes files and links and trees and forgives absence") {
  const ScratchDirectory scratch;
  const Root& root = scratch.root();
  scratch.write("keep/file", "text");
  scratch.write("tree/a/b", "");
  root.make_symlink("link", "keep");
  root.remove("link");
  root.remove("tree/");
  root.remove("none");
  root.remove("none/none");
  root.remove("keep/file/none");
  CHECK(root.list("") == Names{"keep"});
  CHECK(scratch.read("keep/file") == "text");
}

TEST_CASE("renaming replaces a file and moves links themselves") {
  const ScratchDirectory scratch;
  const Root& root = scratch.root();
  scratch.write("a/new", "new");
  scratch.write("b/old", "old");
  root.make_symlink("link", "a");
  root.rename("link/new", "b/old");
  CHECK(scratch.read("b/old") == "new");
  root.rename("link", "moved");
  CHECK(root.read_link("moved") == "a");
}

TEST_CASE("a place has a name that is no dots and no root") {
  const ScratchDirectory scratch;
  const Root& root = scratch.root();
  root.make_directories("a/b");
  CHECK(root.place_of("a/b").name == "b");
  CHECK(root.place_of("/a/b/./").name == "b");
  CHECK(root.place_of("../a").name == "a");
  for (const char* path : {"", "/", ".", "./", "//.", "..", "a/..", "a/b/../"}) {
    CAPTURE(path);
    CHECK(kind_thrown_by([&] { root.place_of(path); }) == ErrorKind::corrupt);
    CHECK_THROWS_AS(root.remove(path), Error);
    CHECK_THROWS_AS(root.make_symlink(path, "x"), Error);
  }
  CHECK(kind_thrown_by([&] { root.place_of("none/x"); }) == ErrorKind::not_found);
}

TEST_CASE("nothing is made or removed outside of the root") {
  const ScratchDirectory scratch;
  scratch.write("secret", "secret");
  scratch.root().make_directory("root", 0755);
  const Root root = scratch.root().open_directory("root");
  root.make_symlink("out", "..");
  root.make_symlink("abs", scratch.path());
  root.remove("out/secret");
  root.remove("../secret");
  CHECK_THROWS_AS(root.remove("abs/../../.."), Error);
  root.create_file("out/file", 0644);
  root.make_directory("../dir", 0755);
  CHECK_THROWS_AS(root.create_file("abs/file", 0644), Error);
  CHECK(scratch.root().list("") == Names{"root", "secret"});
  CHECK(root.list("") == Names{"abs", "dir", "file", "out"});
}

TEST_CASE("everything works where openat2 is forbidden") {
  for (const int error_number : {EPERM, ENOSYS}) {
    const ScratchDirectory scratch;
    const int status = test::in_child([&] {
      if (!test::forbid_call(SYS_openat2, error_number)) return false;
      const Root& root = scratch.root();
      root.make_directories("a/b");
      root.make_symlink("link", "/a/b");
      write_all(root.create_file("link/file", 0644).get(), "text");
      if (scratch.read("link/../b/file") != "text") return false;
      if (root.find_file("../../etc/passwd")) return false;
      root.make_directories("gone/with/all");
      root.remove("gone");
      return root.list("") == Names{"a", "link"};
    });
    CHECK(status == 0);
  }
}
