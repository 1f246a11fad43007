#include "strata/context/directory.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "unit/context/context_fixture.hpp"

namespace strata::context {

using test::ScratchDirectory;

TEST_CASE("a directory is seen as it is but for owners") {
  const ScratchDirectory scratch;
  scratch.write("b/c/file", "hello");
  scratch.write("a.txt", "");
  scratch.root().make_symlink("b/link", "../a.txt");
  REQUIRE(chmod((scratch.path() + "/a.txt").c_str(), 04755) == 0);
  REQUIRE(chown((scratch.path() + "/a.txt").c_str(), 1234, 99) == 0);
  REQUIRE(chmod((scratch.path() + "/a.txt").c_str(), 04755) == 0);
  REQUIRE(chmod((scratch.path() + "/b").c_str(), 01777) == 0);
  set_mtime(scratch, "b/c/file", 1'000'000'000, 999'999'999);

  const auto origin = open(scratch);
  CHECK(paths(*origin) == Words{"a.txt", "b", "b/c", "b/c/file", "b/link"});
  const Entry& setuid = entry(*origin, "a.txt");
  CHECK(setuid.mode == 04755);
  CHECK(setuid.uid == 0);
  CHECK(setuid.gid == 0);
  CHECK(setuid.size == 0);
  CHECK(entry(*origin, "b").mode == 01777);
  CHECK(entry(*origin, "b/c/file").mtime == 1'000'000'000);
  CHECK(entry(*origin, "b/c/file").size == 5);
  CHECK(entry(*origin, "b/link").type == EntryType::symlink);
  CHECK(entry(*origin, "b/link").rare->link == "../a.txt");
}

TEST_CASE("an empty directory is an empty context") {
  const ScratchDirectory scratch;
  CHECK(paths(*open(scratch)).empty());
}

TEST_CASE("contents and digests come when they are asked for") {
  const ScratchDirectory scratch;
  scratch.write("a", "hello");
  scratch.write("b", std::string(3 << 20, 'x'));
  scratch.write("empty", "");
  const auto origin = open(scratch);
  CHECK(content(*origin, "a") == "hello");
  CHECK(content(*origin, "b").size() == 3 << 20);
  CHECK(content(*origin, "empty").empty());
  const std::vector<RootfsView::Found> found = {found_at(*origin, "b"), found_at(*origin, "a"),
                                                found_at(*origin, "b")};
  const auto digests = origin->digests(found);
  REQUIRE(digests.size() == 3);
  CHECK(digests[0].digest() == Digest::of(std::string(3 << 20, 'x')));
  CHECK(digests[1].digest() == Digest::of("hello"));
  CHECK(digests[2] == digests[0]);
  CHECK(origin->digests({}).empty());
}

TEST_CASE("small files that had to be read are kept while there is room") {
  const ScratchDirectory scratch;
  scratch.write("a", "hello");
  scratch.write("large", std::string(FileMemory::file_size_max + 1, 'x'));
  for (int i = 0; i < 4; ++i)
    scratch.write(cat("filling", i), std::string(FileMemory::file_size_max, 'f'));
  const auto origin = open(scratch);
  const std::vector<RootfsView::Found> found = {found_at(*origin, "large"), found_at(*origin, "a"),
                                                found_at(*origin, "a")};
  FileMemory memory(1 << 20);
  const auto contents = origin->contents(found, memory);
  REQUIRE(contents.size() == 3);
  CHECK(contents[0].bytes.empty());
  CHECK(contents[0].digest.digest() == Digest::of(std::string(FileMemory::file_size_max + 1, 'x')));
  CHECK(contents[1].bytes == "hello");
  CHECK(contents[2].bytes == "hello");
  CHECK(contents[1].digest.digest() == Digest::of("hello"));

  SUBCASE("what is known already is not read again") {
    CHECK(origin->contents(found, memory)[1].bytes.empty());
  }
  SUBCASE("without room they are read all the same") {
    std::vector<RootfsView::Found> filling;
    for (int i = 0; i < 4; ++i) filling.push_back(found_at(*origin, cat("filling", i)));
    FileMemory small(300 << 10);
    std::size_t kept = 0;
    for (const FileContent& content : origin->contents(filling, small)) {
      kept += content.bytes.size();
      CHECK(content.digest.digest() == Digest::of(std::string(FileMemory::file_size_max, 'f')));
    }
    CHECK(kept == 2 * FileMemory::file_size_max);
  }
}

TEST_CASE("links that lead out of the context are never followed") {
  const ScratchDirectory outside;
  outside.write("secret", "x");
  const ScratchDirectory scratch;
  scratch.root().make_symlink("absolute", outside.path());
  scratch.root().make_symlink("relative", "../../../etc");
  scratch.root().make_symlink("file", outside.path() + "/secret");
  scratch.root().make_symlink("self", "self");
  const auto origin = open(scratch);
  CHECK(paths(*origin) == Words{"absolute", "file", "relative", "self"});
  for (const auto& found : origin->view().layers()[0]->entries()) {
    CHECK(found.type == EntryType::symlink);
  }
}

TEST_CASE("a file replaced by a link after the walk is not read") {
  const ScratchDirectory scratch;
  scratch.write("file", "inside");
  const auto origin = open(scratch);
  scratch.root().remove("file");
  scratch.root().make_symlink("file", "/etc/hostname");
  CHECK_THROWS_AS(content(*origin, "file"), Error);
  CHECK_THROWS_AS(digest(*origin, "file"), Error);
}

TEST_CASE("a file replaced by a fifo after the walk does not make anybody wait") {
  const ScratchDirectory scratch;
  scratch.write("file", "");
  const auto origin = open(scratch);
  scratch.root().remove("file");
  scratch.root().make_node("file", S_IFIFO | 0600, 0);
  CHECK_THROWS_AS(content(*origin, "file"), Error);
}

TEST_CASE("a file that changes its size after the walk is an error that names it") {
  const ScratchDirectory scratch;
  scratch.write("file", "one");
  const auto origin = open(scratch);
  append(scratch, "file", "two");
  try {
    content(*origin, "file");
    FAIL("opened");
  } catch (const Error& error) {
    CHECK(error.message().find("\"file\"") != std::string::npos);
    CHECK(error.message().find("changed during the build") != std::string::npos);
  }
  CHECK_THROWS_AS(digest(*origin, "file"), Error);
}

TEST_CASE("sockets are left out and say so while fifos stay") {
  const ScratchDirectory scratch;
  scratch.root().make_node("fifo", S_IFIFO | 0640, 0);
  const Fd socket_fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, (scratch.path() + "/socket").c_str());
  REQUIRE(::bind(socket_fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);

  const auto origin = open(scratch);
  CHECK(paths(*origin) == Words{"fifo"});
  CHECK(entry(*origin, "fifo").type == EntryType::fifo);
  CHECK(origin->why_absent("socket").find("socket") != std::string::npos);
}

TEST_CASE("names are bytes") {
  const ScratchDirectory scratch;
  const Words names = {"\n", "\x01\x7f", " ", "'\"\\", "*", "\xff\xfe", "ü", std::string(255, 'n')};
  for (const auto& name : names) scratch.write(name, name);
  const auto origin = open(scratch);
  CHECK(origin->view().layers()[0]->entries().size() == names.size());
  for (const auto& name : names) CHECK(content(*origin, name) == name);
}

TEST_CASE("further names of a file are hard links to its first") {
  const ScratchDirectory scratch;
  scratch.write("m/one", "same");
  scratch.root().make_hard_link("a", "m/one");
  scratch.root().make_hard_link("z", "m/one");
  const auto origin = open(scratch);
  CHECK(entry(*origin, "a").type == EntryType::file);
  CHECK(entry(*origin, "m/one").type == EntryType::hard_link);
  CHECK(entry(*origin, "m/one").rare->link == "a");
  CHECK(entry(*origin, "z").rare->link == "a");
  CHECK(content(*origin, "z") == "same");
  CHECK(digest(*origin, "z") == Digest::of("same"));
}

TEST_CASE("a file whose other names lie outside or are excluded is a plain file") {
  const ScratchDirectory scratch;
  scratch.write("context/one", "x");
  scratch.root().make_hard_link("outside", "context/one");
  scratch.root().make_hard_link("context/an.ignored", "context/one");
  const auto origin =
      open(scratch.root().open_directory("context"), dockerfile::IgnoreRules::parse("*.ignored"));
  CHECK(entry(*origin, "one").type == EntryType::file);
}

TEST_CASE("what the rules exclude is not there and why is said") {
  const ScratchDirectory scratch;
  for (const char* path : {"keep.c", "drop.o", "out/a", "out/keep/b", "src/drop.o", "src/keep.c"}) {
    scratch.write(path, "");
  }
  const auto origin =
      open(scratch.root().clone(),
           dockerfile::IgnoreRules::parse("# objects\n**/*.o\n\nout\n!src/keep.c\n"));
  CHECK(paths(*origin) == Words{"keep.c", "src", "src/keep.c"});
  CHECK(origin->why_absent("drop.o") == "excluded by pattern \"**/*.o\" (.dockerignore:2)");
  CHECK(origin->why_absent("/src/../src/drop.o") ==
        "excluded by pattern \"**/*.o\" (.dockerignore:2)");
  CHECK(origin->why_absent("out/keep/b") == "excluded by pattern \"out\" (.dockerignore:4)");
  CHECK(origin->why_absent("keep.c").empty());
  CHECK(origin->why_absent("never.o").empty());
  CHECK(origin->why_absent("").empty());
}

TEST_CASE("an excluded directory is there if something in it is included again") {
  const ScratchDirectory scratch;
  for (const char* path : {"out/a", "out/deep/keep", "out/deep/drop", "out/other/b"}) {
    scratch.write(path, "");
  }
  REQUIRE(chmod((scratch.path() + "/out").c_str(), 0700) == 0);
  const auto origin =
      open(scratch.root().clone(), dockerfile::IgnoreRules::parse("out\n!out/deep/keep\n"));
  CHECK(paths(*origin) == Words{"out", "out/deep", "out/deep/keep"});
  CHECK(entry(*origin, "out").mode == 0700);
}

TEST_CASE("an excluded directory that was looked into in vain is not there") {
  const ScratchDirectory scratch;
  for (const char* path : {"out/a/keep", "out/b/drop", "outer"}) scratch.write(path, "");
  const auto origin =
      open(scratch.root().clone(), dockerfile::IgnoreRules::parse("out\n!**/keep\n"));
  CHECK(paths(*origin) == Words{"out", "out/a", "out/a/keep", "outer"});
}

TEST_CASE("excluded directories that hold nothing but each other are not there") {
  const ScratchDirectory scratch;
  for (const char* path : {"out/a/b/drop", "out/c/d/e/drop", "out/f/keep", "out/g/h/drop", "z"}) {
    scratch.write(path, "");
  }
  const auto origin =
      open(scratch.root().clone(), dockerfile::IgnoreRules::parse("out\n!**/keep\n"));
  CHECK(paths(*origin) == Words{"out", "out/f", "out/f/keep", "z"});
}

TEST_CASE("an excluded directory that cannot be read is no obstacle and another one is") {
  const ScratchDirectory scratch;
  scratch.write("private/secret", "");
  scratch.write("file", "");
  REQUIRE(chmod(scratch.path().c_str(), 0755) == 0);
  REQUIRE(chmod((scratch.path() + "/private").c_str(), 0) == 0);
  as_nobody([&] {
    WorkerPool pool(1);
    const auto ignore = dockerfile::IgnoreRules::parse("private\n");
    CHECK(paths(*open(scratch.root().clone(), ignore, pool)) == Words{"file"});
    try {
      open(scratch.root().clone(), {}, pool);
      FAIL("opened");
    } catch (const Error& error) {
      const std::string text = error.what();
      CHECK(error.kind() == ErrorKind::denied);
      CHECK(text.find("\"private\"") != std::string::npos);
      CHECK(text.find(".dockerignore") != std::string::npos);
    }
  });
}

TEST_CASE("a file that cannot be read is an error only when it is needed") {
  const ScratchDirectory scratch;
  scratch.write("secret", "x");
  REQUIRE(chmod(scratch.path().c_str(), 0755) == 0);
  REQUIRE(chmod((scratch.path() + "/secret").c_str(), 0) == 0);
  as_nobody([&] {
    WorkerPool pool(1);
    const auto origin = open(scratch.root().clone(), {}, pool);
    try {
      digest(*origin, "secret");
      FAIL("read");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::denied);
    }
  });
}

TEST_CASE("file capabilities are kept and other attributes are not") {
  const ScratchDirectory scratch;
  scratch.write("ping", "x");
  const std::string file = scratch.path() + "/ping";
  const unsigned char capability[20] = {1, 0, 0, 2, 0, 0x20};
  if (run_program({"setfattr", "-n", "security.capability", "-v",
                   "0x" + to_hex({reinterpret_cast<const char*>(capability), 20}), file}) != 0) {
    MESSAGE("skipped: this file system or user cannot set file capabilities");
    return;
  }
  run_program({"setfattr", "-n", "user.note", "-v", "x", file});
  const auto check = [&](const FileOrigin& origin) {
    const auto xattrs = entry(origin, "ping").rare->xattrs;
    REQUIRE(xattrs.size() == 1);
    CHECK(xattrs[0].name == "security.capability");
    CHECK(xattrs[0].value.size() == 20);
  };
  const ScratchDirectory index;
  settle();
  check(*open(scratch, index));
  check(*open(scratch, index));
}

TEST_CASE("a walk sees what find sees") {
  const ScratchDirectory scratch;
  std::uint32_t random = 7;
  const auto next = [&](std::uint32_t below) {
    random = random * 1664525 + 1013904223;
    return (random >> 8) % below;
  };
  for (int i = 0; i < 300; ++i) {
    std::string path;
    for (std::uint32_t depth = next(4); depth > 0; --depth) path += cat("d", next(5), "/");
    path += cat("f", i);
    scratch.write(path, std::string(next(2000), 'x'));
    if (next(4) == 0) chmod((scratch.path() + "/" + path).c_str(), next(07777));
    if (next(6) == 0) scratch.root().make_symlink(path + ".link", cat("../", path));
  }
  const auto origin = open(scratch);
  std::string seen;
  for (const Entry& entry : origin->view().layers()[0]->entries()) {
    const char* type = entry.is_directory() ? "d" : entry.is_file() ? "f" : "l";
    const auto size = entry.is_file() ? entry.size : entry.rare->link.size();
    char mode[8];
    std::snprintf(mode, sizeof mode, "%o", entry.mode);
    seen += cat(entry.path, " ", type, " ", entry.is_directory() ? "" : cat(size), " ", mode, " ",
                entry.mtime, " ", entry.rare->link, "\n");
  }
  CHECK(sorted_lines(seen) ==
        sorted_lines(output_of("cd " + scratch.path() +
                               " && find . -mindepth 1 -type d -printf '%P d  %m %Ts %l\\n' -o "
                               "-mindepth 1 -printf '%P %y %s %m %Ts %l\\n'")));
}

TEST_CASE("a deep and a wide directory are walked") {
  const ScratchDirectory scratch;
  std::string deep;
  for (int i = 0; i < 300; ++i) deep += "d/";
  scratch.write(deep + "file", "deep");
  for (int i = 0; i < 2000; ++i) scratch.write(cat("wide/", i), "");
  const auto origin = open(scratch);
  CHECK(content(*origin, deep + "file") == "deep");
  CHECK(origin->view().layers()[0]->entries().size() == 300 + 1 + 1 + 2000);
}

}  // namespace strata::context
