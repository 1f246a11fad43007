#include "context/stat_index.hpp"

#include <doctest/doctest.h>

#include "unit/context/context_fixture.hpp"

namespace strata::context {

using test::ScratchDirectory;

namespace {

/// True if a build that begins now knows the file's content without reading it.
bool is_remembered(const ScratchDirectory& context, const ScratchDirectory& index,
                   std::string_view path) {
  return entry(*open(context, index), path).content.has_value();
}

Digest digest_through_index(const ScratchDirectory& context, const ScratchDirectory& index) {
  return digest(*open(context, index), "file");
}

std::optional<IndexRow> find(const StatIndex& index, std::string_view path,
                             const FileStamp& stamp) {
  return index.rows_in(parent_path(path)).find(base_name(path), stamp);
}

std::string text(int number) { return cat("content ", 1000 + number); }

}  // namespace

TEST_CASE("a digest made once is known to the next build") {
  const ScratchDirectory context;
  const ScratchDirectory index;
  context.write("file", "x");
  context.write("unused", "y");
  settle();
  digest_through_index(context, index);
  CHECK(is_remembered(context, index, "file"));
  CHECK_FALSE(is_remembered(context, index, "unused"));
  CHECK(digest_through_index(context, index) == Digest::of("x"));
}

TEST_CASE("a file younger than the clock can tell is not remembered") {
  const ScratchDirectory context;
  const ScratchDirectory index;
  context.write("file", "x");
  digest_through_index(context, index);
  CHECK_FALSE(is_remembered(context, index, "file"));
}

TEST_CASE("an edit right after a build is never missed") {
  const ScratchDirectory context;
  const ScratchDirectory index;
  context.write("file", text(0));
  for (int i = 1; i <= 300; ++i) {
    digest_through_index(context, index);
    overwrite(context, "file", text(i));
    REQUIRE(digest_through_index(context, index) == Digest::of(text(i)));
  }
}

TEST_CASE("an edit that puts size and mtime back is never missed") {
  const ScratchDirectory context;
  const ScratchDirectory index;
  context.write("file", text(0));
  set_mtime(context, "file", 946'684'800);
  for (int i = 1; i <= 300; ++i) {
    if (i % 100 == 0) settle();
    digest_through_index(context, index);
    overwrite(context, "file", text(i));
    set_mtime(context, "file", 946'684'800);
    REQUIRE(digest_through_index(context, index) == Digest::of(text(i)));
  }
}

TEST_CASE("a file replaced by one of the same size and mtime is never missed") {
  const ScratchDirectory context;
  const ScratchDirectory index;
  for (int i = 1; i <= 100; ++i) {
    context.root().remove("file");
    context.write("file", text(i));
    set_mtime(context, "file", 946'684'800);
    if (i % 30 == 0) settle();
    REQUIRE(digest_through_index(context, index) == Digest::of(text(i)));
  }
}

TEST_CASE("two files that change places are never confused") {
  const ScratchDirectory context;
  const ScratchDirectory index;
  context.write("file", "one");
  context.write("other", "two");
  set_mtime(context, "file", 946'684'800);
  set_mtime(context, "other", 946'684'800);
  settle();
  digest_through_index(context, index);
  context.root().rename("file", "third");
  context.root().rename("other", "file");
  CHECK(digest_through_index(context, index) == Digest::of("two"));
}

TEST_CASE("a change of mode alone is seen in the entry") {
  const ScratchDirectory context;
  const ScratchDirectory index;
  context.write("file", "x");
  settle();
  digest_through_index(context, index);
  REQUIRE(chmod((context.path() + "/file").c_str(), 0755) == 0);
  CHECK(entry(*open(context, index), "file").mode == 0755);
}

TEST_CASE("what was read in another state than the walk saw is not remembered") {
  const ScratchDirectory context;
  const ScratchDirectory index;
  context.write("file", "one");
  settle();
  const FileStamp walked = stamp_of(*context.root().find_stat("file"));
  auto origin = open(context, index);
  overwrite(context, "file", "two");
  CHECK(digest(*origin, "file") == Digest::of("two"));
  origin.reset();
  CHECK_FALSE(find(StatIndex::load(index.fd(), "index"), "file", walked));
}

TEST_CASE("an index is written only if something changed") {
  const ScratchDirectory context;
  const ScratchDirectory index;
  context.write("file", "x");
  settle();
  digest_through_index(context, index);
  const auto before = index.root().find_stat("index");
  REQUIRE(before);
  digest_through_index(context, index);
  CHECK(index.root().find_stat("index")->st_ino == before->st_ino);
  context.root().remove("file");
  open(context, index);
  CHECK(StatIndex::load(index.fd(), "index").size() == 0);
}

TEST_CASE("a damaged index is an empty one") {
  const ScratchDirectory context;
  const ScratchDirectory index;
  context.write("file", "x");
  settle();
  digest_through_index(context, index);
  const std::string good = index.read("index");
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    write_file(index.fd(), "index", bad, Durability::none);
    REQUIRE(StatIndex::load(index.fd(), "index").size() == 0);
    write_file(index.fd(), "index", std::string_view(good).substr(0, i), Durability::none);
    REQUIRE(StatIndex::load(index.fd(), "index").size() == 0);
  }
  write_file(index.fd(), "index", good, Durability::none);
  CHECK(is_remembered(context, index, "file"));
}

TEST_CASE("an index whose checksum is right and whose rows lie is an empty one") {
  const ScratchDirectory index;
  const auto load = [&](const std::string& body) {
    const auto sum = Digest::of(body);
    write_file(index.fd(), "index",
               cat("strata index 2\n",
                   std::string(reinterpret_cast<const char*>(sum.bytes().data()), 32), body),
               Durability::none);
    return StatIndex::load(index.fd(), "index").size();
  };
  CHECK(load("") == 0);
  CHECK(load(std::string(8, '\xff')) == 0);
  CHECK(load(std::string(8, '\xff') + std::string(200, '\xff')) == 0);
  CHECK(load(std::string("\1\0\0\0\0\0\0\0", 8) + std::string(4, '\xff')) == 0);
  CHECK(load(std::string(9, '\0')) == 0);
}

TEST_CASE("rows come back as they were put") {
  const ScratchDirectory index;
  IndexWriter writer;
  const FileStamp stamp{1, 2, 3, -4, 5, 0100644};
  writer.add("", {stamp, {}, std::nullopt});
  writer.add("a\nb", {stamp, "capability", ContentDigest(Digest::of("x"))});
  writer.save(index.fd(), "index");
  const auto loaded = StatIndex::load(index.fd(), "index");
  CHECK(loaded.size() == 2);
  const auto row = find(loaded, "a\nb", stamp);
  REQUIRE(row);
  CHECK(row->capability == "capability");
  CHECK(row->content->digest() == Digest::of("x"));
  CHECK_FALSE(find(loaded, "", stamp)->content);
  CHECK_FALSE(find(loaded, "absent", stamp));
}

TEST_CASE("each of many rows is found by its own path") {
  const auto name = [](std::uint64_t number) { return cat("f", 10'000 + number); };
  const ScratchDirectory index;
  IndexWriter writer;
  for (std::uint64_t n = 0; n < 3000; ++n) writer.add(name(n), {{n, n, n, 4, 5, 6}, {}, {}});
  writer.save(index.fd(), "index");
  const auto loaded = StatIndex::load(index.fd(), "index");
  CHECK(loaded.size() == 3000);
  for (std::uint64_t n = 0; n < 3000; ++n) CHECK(find(loaded, name(n), {n, n, n, 4, 5, 6}));
  CHECK_FALSE(find(loaded, name(3000), {0, 0, 0, 4, 5, 6}));
  // One after the other, some of them gone and some new.
  auto rows = loaded.rows_in("");
  for (std::uint64_t n = 0; n < 3000; n += 7) {
    CHECK(rows.find(name(n), {n, n, n, 4, 5, 6}));
    CHECK_FALSE(rows.find(name(n) + "x", {n, n, n, 4, 5, 6}));
  }
}

TEST_CASE("rows of a directory are found on both sides of what lies below it") {
  const ScratchDirectory index;
  IndexWriter writer;
  const FileStamp stamp{1, 2, 3, 4, 5, 6};
  const std::vector<std::string> all = {"a", "b/x", "b/y/z", "b/z", "c", "c-", "d/e/f", "d/g", "e"};
  for (const std::string& path : all) writer.add(path, {stamp, {}, {}});
  writer.save(index.fd(), "index");
  const auto loaded = StatIndex::load(index.fd(), "index");
  CHECK(loaded.size() == all.size());
  for (const std::string& path : all) CHECK(find(loaded, path, stamp));
  for (const char* path : {"b", "b/y", "d/e", "d/f", "x", "b/x/", "d/e/f/g", "cc"})
    CHECK_FALSE(find(loaded, path, stamp));
  auto rows = loaded.rows_in("");
  for (const char* name : {"a", "c", "c-", "e"}) {
    const auto row = rows.find(name, stamp);
    REQUIRE(row);
    CHECK(loaded.row_at(row->place).stamp == stamp);
  }
  CHECK_FALSE(rows.find("f", stamp));
}

TEST_CASE("any difference of the stamp hides the row") {
  const ScratchDirectory index;
  const FileStamp stamp{1, 2, 3, 4, 5, 6};
  IndexWriter writer;
  writer.add("a", {stamp, {}, ContentDigest(Digest::of("x"))});
  writer.save(index.fd(), "index");
  const auto loaded = StatIndex::load(index.fd(), "index");
  CHECK(find(loaded, "a", stamp));
  for (const FileStamp& other :
       {FileStamp{9, 2, 3, 4, 5, 6}, FileStamp{1, 9, 3, 4, 5, 6}, FileStamp{1, 2, 9, 4, 5, 6},
        FileStamp{1, 2, 3, 9, 5, 6}, FileStamp{1, 2, 3, 4, 9, 6}, FileStamp{1, 2, 3, 4, 5, 9}}) {
    CHECK_FALSE(find(loaded, "a", other));
  }
}

TEST_CASE("a stamp is settled once the clock has moved on by more than its grain") {
  constexpr std::int64_t second = 1'000'000'000;
  constexpr std::int64_t ms = 1'000'000;
  FileStamp stamp;
  stamp.modified = 100 * second + 1;
  stamp.changed = 200 * second + 1;
  CHECK_FALSE(is_settled(stamp, 200 * second));
  CHECK_FALSE(is_settled(stamp, 200 * second + 10 * ms));
  CHECK(is_settled(stamp, 200 * second + 11 * ms));
  stamp.modified = 300 * second;  // in the future, by a program
  CHECK_FALSE(is_settled(stamp, 250 * second));
  stamp.modified = 0;
  stamp.changed = 200 * second;  // a file system without fractions
  CHECK_FALSE(is_settled(stamp, 201 * second));
  CHECK(is_settled(stamp, 203 * second));
}

TEST_CASE("an index that cannot be saved does not stop a build") {
  const ScratchDirectory context;
  context.write("file", "x");
  settle();
  DirectoryOptions options;
  const Fd file = context.root().open_file("file");
  options.index_directory_fd = file.get();
  options.index_name = "index";
  auto origin = open_directory(context.root().clone(), std::move(options), test_pool());
  CHECK(digest(*origin, "file") == Digest::of("x"));
  origin.reset();
}

TEST_CASE("what whoever reads files finds is remembered, unless they changed meanwhile") {
  const ScratchDirectory context;
  const ScratchDirectory index;
  context.write("quiet", "quiet");
  context.write("busy", "busy");
  settle();
  {
    const auto origin = open(context, index);
    const std::vector<RootfsView::Found> found = {found_at(*origin, "quiet"),
                                                  found_at(*origin, "busy")};
    for (const auto& file : found) {
      const auto source = origin->open(file);
      read_all(*source, 100, "file");
      if (file.entry->path == "busy") overwrite(context, "busy", "BUSY");
    }
    origin->learn(
        found, std::vector{ContentDigest(Digest::of("quiet")), ContentDigest(Digest::of("busy"))});
    CHECK(origin->digests(found)[0].digest() == Digest::of("quiet"));
  }
  CHECK(is_remembered(context, index, "quiet"));
  CHECK_FALSE(is_remembered(context, index, "busy"));
  CHECK(digest(*open(context, index), "busy") == Digest::of("BUSY"));
}

TEST_CASE("digests may be asked for by several threads") {
  const ScratchDirectory context;
  const ScratchDirectory index;
  for (int i = 0; i < 200; ++i) context.write(cat("f", i), text(i));
  const auto origin = open(context, index);
  std::vector<std::thread> threads;
  std::vector<std::vector<ContentDigest>> results(4);
  for (auto& result : results) {
    threads.emplace_back([&origin, &result] {
      std::vector<RootfsView::Found> all;
      for (const auto& path : paths(*origin)) all.push_back(found_at(*origin, path));
      result = origin->digests(all);
    });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& result : results) CHECK(result == results[0]);
  CHECK(results[0].size() == 200);
}

}  // namespace strata::context
