#include "strata/context/archive.hpp"

#include <doctest/doctest.h>

#include "context/archive_tree.hpp"
#include "strata/content/tar.hpp"
#include "unit/context/context_fixture.hpp"

namespace strata::context {

using test::ScratchDirectory;

namespace {

Entry make(EntryType type, const std::string& path, const std::string& link = {}) {
  Entry entry;
  entry.path = path;
  entry.type = type;
  entry.rare.edit().link = link;
  entry.mode = type == EntryType::symlink ? 0777 : 0640;
  return entry;
}

/// A tar in memory, entry by entry.
class Tar {
 public:
  Tar& file(const std::string& path, const std::string& bytes) {
    Entry entry = make(EntryType::file, path);
    entry.size = bytes.size();
    entry.uid = 12;
    entry.gid = 34;
    entry.mtime = 56;
    ViewSource source(bytes);
    writer_.add(entry, &source);
    return *this;
  }
  Tar& other(EntryType type, const std::string& path, const std::string& link = {}) {
    writer_.add(make(type, path, link), nullptr);
    return *this;
  }
  std::string bytes() {
    writer_.finish();
    return sink_.take();
  }

 private:
  StringSink sink_;
  TarWriter writer_{sink_};
};

std::unique_ptr<FileOrigin> open_bytes(const std::string& bytes) {
  StringSource source(bytes);
  const ScratchDirectory scratch;
  return open_archive(
      source, Fd(::open(scratch.path().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)), "a.tar");
}

std::string error_of(const std::string& bytes) {
  try {
    open_bytes(bytes);
    return {};
  } catch (const Error& error) {
    return error.message();
  }
}

}  // namespace

TEST_CASE("an archive is a tree with its own owners modes and times") {
  const auto origin = open_bytes(Tar()
                                     .other(EntryType::directory, "d")
                                     .file("d/a", "hello")
                                     .file("b", std::string(600'000, 'x'))
                                     .file("empty", "")
                                     .other(EntryType::symlink, "l", "d/a")
                                     .other(EntryType::fifo, "p")
                                     .bytes());
  CHECK(paths(*origin) == Words{"b", "d", "d/a", "empty", "l", "p"});
  const Entry& a = entry(*origin, "d/a");
  CHECK(a.uid == 12);
  CHECK(a.gid == 34);
  CHECK(a.mode == 0640);
  CHECK(a.mtime == 56);
  CHECK(a.content->digest() == Digest::of("hello"));
  CHECK(content(*origin, "d/a") == "hello");
  CHECK(content(*origin, "b") == std::string(600'000, 'x'));
  CHECK(content(*origin, "empty").empty());
  CHECK(digest(*origin, "b") == Digest::of(std::string(600'000, 'x')));
  CHECK(entry(*origin, "l").rare->link == "d/a");
}

TEST_CASE("of two entries with one path the later counts") {
  const auto origin = open_bytes(
      Tar().file("a", "old").file("b/c", "old").file("a", "new").file("b", "file now").bytes());
  CHECK(paths(*origin) == Words{"a", "b"});
  CHECK(content(*origin, "a") == "new");
  CHECK(content(*origin, "b") == "file now");
}

TEST_CASE("a directory named twice keeps what is in it") {
  const auto origin = open_bytes(Tar()
                                     .other(EntryType::directory, "d")
                                     .file("d/a", "x")
                                     .other(EntryType::directory, "d")
                                     .bytes());
  CHECK(paths(*origin) == Words{"d", "d/a"});
}

TEST_CASE("hard links keep the file they were made from") {
  const auto origin = open_bytes(Tar()
                                     .file("m", "first")
                                     .other(EntryType::hard_link, "z", "m")
                                     .other(EntryType::hard_link, "a", "z")
                                     .file("m", "second")
                                     .bytes());
  CHECK(entry(*origin, "a").type == EntryType::file);
  CHECK(entry(*origin, "z").type == EntryType::hard_link);
  CHECK(entry(*origin, "z").rare->link == "a");
  CHECK(content(*origin, "z") == "first");
  CHECK(content(*origin, "m") == "second");
  CHECK(digest(*origin, "z") == Digest::of("first"));
}

TEST_CASE("a hard link to nothing or to a directory is malformed") {
  CHECK(error_of(Tar().other(EntryType::hard_link, "a", "b").file("b", "x").bytes())
            .find("is a hard link to \"b\"") != std::string::npos);
  CHECK_FALSE(
      error_of(Tar().other(EntryType::directory, "d").other(EntryType::hard_link, "a", "d").bytes())
          .empty());
}

TEST_CASE("a hard link to itself changes nothing") {
  const auto origin =
      open_bytes(Tar().file("a", "x").other(EntryType::hard_link, "a", "a").bytes());
  CHECK(content(*origin, "a") == "x");
}

TEST_CASE("entries behind a link of the archive stay inside it") {
  const auto origin = open_bytes(Tar()
                                     .other(EntryType::symlink, "lib", "usr/lib")
                                     .file("lib/a", "1")
                                     .other(EntryType::symlink, "etc", "/../../etc")
                                     .other(EntryType::symlink, "up", "../../..")
                                     .file("up/b", "2")
                                     .bytes());
  CHECK(paths(*origin) == Words{"b", "etc", "lib", "up", "usr/lib/a"});
  CHECK_FALSE(
      error_of(Tar().other(EntryType::symlink, "etc", "/etc").file("etc/passwd", "x").bytes())
          .empty());
}

TEST_CASE("links that go in circles and files that hold files are malformed") {
  CHECK_FALSE(error_of(Tar()
                           .other(EntryType::symlink, "a", "b")
                           .other(EntryType::symlink, "b", "a")
                           .file("a/x", "")
                           .bytes())
                  .empty());
  CHECK(error_of(Tar().file("f", "").file("f/x", "").bytes()).find("is no directory") !=
        std::string::npos);
}

TEST_CASE("a truncated archive is an error and leaves nothing") {
  const std::string whole = Tar().file("a", std::string(5000, 'x')).bytes();
  CHECK_FALSE(error_of(whole.substr(0, 3000)).empty());
  CHECK(error_of(whole).empty());
}

TEST_CASE("archives of GNU tar of every compression give the same tree") {
  const ScratchDirectory scratch;
  scratch.write("in/b/file", "hello");
  scratch.write("in/a", std::string(100'000, 'a'));
  scratch.root().make_hard_link("in/hard", "in/a");
  scratch.root().make_symlink("in/soft", "b/file");
  scratch.write("in/" + std::string(200, 'n') + "/long", "x");
  for (const char* flag : {"", "z", "j", "J", "--zstd"}) {
    const std::string option = *flag == '-' ? flag : *flag == 0 ? "" : cat("-", flag);
    const std::string name = scratch.path() + "/out.tar";
    if (run_program({"tar", "-C", scratch.path() + "/in", option.empty() ? "--sparse" : option,
                     "-c", "-f", name, "."}) != 0) {
      MESSAGE("skipped: no program for tar ", option);
      continue;
    }
    FdSource source(scratch.root().open_file("out.tar"));
    const auto origin =
        open_archive(source, Fd(::open("/tmp", O_TMPFILE | O_RDWR, 0600)), "out.tar");
    CHECK(content(*origin, "hard") == std::string(100'000, 'a'));
    CHECK(content(*origin, "b/file") == "hello");
    CHECK(entry(*origin, "soft").rare->link == "b/file");
    CHECK(paths(*origin).size() == 7);
  }
}

}  // namespace strata::context
