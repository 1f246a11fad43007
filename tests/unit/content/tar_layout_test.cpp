/// Where a layer's tar is cut, and what of that stays when files change.

#include "content/tar_layout.hpp"

#include <doctest/doctest.h>

#include <set>

#include "content/tar_headers.hpp"
#include "strata/content/compression.hpp"
#include "unit/content/entries.hpp"
#include "unit/content/random_files.hpp"

using namespace strata;
using namespace strata::test;

namespace {

constexpr std::uint64_t size_max = ChunkTable::chunk_size_max;

Entry sized(std::string path, std::uint64_t size) {
  Entry entry = file(std::move(path));
  entry.size = size;
  return entry;
}

/// Files of many sizes, in the order of a tree.
std::vector<Entry> files(std::size_t count, unsigned size_about) {
  Dice dice(size_about);
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < count; ++i)
    entries.push_back(sized("d/f" + std::to_string(100'000 + i), dice.roll(2 * size_about)));
  return entries;
}

/// What a run has in it, wherever it lies.
std::string text_of_run(const std::vector<Entry>& entries, const TarRun& run) {
  std::string text;
  for (std::size_t i = run.first; i < run.first + run.count; ++i)
    text += entries[i].path + ' ' + std::to_string(entries[i].size) + '\n';
  return text;
}

std::set<std::string> runs_of(std::vector<Entry> entries) {
  std::set<std::string> texts;
  for (const TarRun& run : lay_out(entries)) texts.insert(text_of_run(entries, run));
  return texts;
}

std::size_t lost(const std::vector<Entry>& before, const std::vector<Entry>& after) {
  const auto now = runs_of(after);
  std::size_t count = 0;
  for (const std::string& run : runs_of(before)) count += now.contains(run) ? 0 : 1;
  return count;
}

}  // namespace

TEST_CASE("runs lie side by side and hold every entry once") {
  for (const unsigned size_about : {0u, 100u, 4000u, 60'000u, 900'000u}) {
    std::vector<Entry> entries = files(3000, size_about + 1);
    entries.push_back(directory("e"));
    entries.push_back(hard_link("e/l", "d/f100007"));
    entries.push_back(soft_link("e/s", std::string(300, 's')));
    std::size_t next = 0;
    std::uint64_t offset = 0;
    for (const TarRun& run : lay_out(entries)) {
      CHECK(run.first == next);
      CHECK(run.offset == offset);
      CHECK((run.size <= size_max || run.count == 1));
      next += run.count;
      offset += run.size;
    }
    CHECK(next == entries.size());
    CHECK(entries.front().data_offset == tar_block_size);
  }
}

TEST_CASE("no entries are no runs, and one that fills a chunk is a run") {
  CHECK(lay_out({}).empty());
  for (const std::uint64_t size : {size_max - tar_block_size, size_max, 5 * size_max}) {
    std::vector<Entry> entries{sized("a", 1), sized("b", size), sized("c", 1)};
    const auto runs = lay_out(entries);
    REQUIRE(runs.size() == 3);
    CHECK(runs[1].size == size + tar_block_size);
  }
}

TEST_CASE("runs are neither short nor many") {
  for (const unsigned size_about : {100u, 4000u, 60'000u}) {
    std::vector<Entry> entries = files(80'000'000 / (size_about + 1000), size_about);
    const auto runs = lay_out(entries);
    const std::uint64_t size = runs.back().offset + runs.back().size;
    CHECK(runs.size() < 2 * size / size_max);
    CHECK(runs.size() > size / size_max);
  }
}

TEST_CASE("what changes in one place leaves the runs elsewhere as they were") {
  for (const unsigned size_about : {100u, 4000u, 60'000u}) {
    const std::vector<Entry> before = files(60'000'000 / (size_about + 1000), size_about);
    REQUIRE(runs_of(before).size() > 50);
    for (const std::size_t place : {before.size() / 20, before.size() / 2, before.size() - 5}) {
      std::vector<Entry> grown = before;
      grown[place].size += 2000;
      CHECK(lost(before, grown) <= 12);
      std::vector<Entry> without = before;
      without.erase(without.begin() + static_cast<std::ptrdiff_t>(place));
      CHECK(lost(before, without) <= 12);
      std::vector<Entry> with = before;
      with.insert(with.begin() + static_cast<std::ptrdiff_t>(place),
                  sized(before[place].path + "a", 9'000'000));
      CHECK(lost(before, with) <= 12);
    }
  }
}

TEST_CASE("the headers of an entry take as many bytes as are said") {
  std::vector<Entry> entries{directory(""), directory("d"), opaque("d"), whiteout("w"),
                             device("n", 1, 3)};
  for (const std::size_t length : {1u, 98u, 99u, 100u, 101u, 155u, 300u}) {
    entries.push_back(sized(std::string(length, 'a'), 1ull << 33));
    entries.push_back(sized(std::string(length, 'a'), 5));
    entries.push_back(directory(std::string(length, 'a')));
    entries.push_back(directory("b/" + std::string(length, 'a')));
    entries.push_back(soft_link("l", std::string(length, 'a')));
    entries.push_back(file("\xc3\xa4" + std::string(length, 'a')));
  }
  const std::size_t plain = entries.size();
  for (std::size_t i = 0; i < plain; ++i) {
    Entry entry = entries[i];
    entry.uid = 1u << 21;
    entries.push_back(entry);
    entry.uid = 0;
    entry.mtime = i % 2 == 0 ? -1 : 1ll << 33;
    entries.push_back(entry);
    entry.mtime = 0;
    entry.rare.edit().xattrs.push_back({"security.capability", std::string(20 * i, 'x')});
    entries.push_back(entry);
  }
  for (const Entry& entry : entries) {
    StringSink out;
    const std::uint64_t written = write_tar_headers(entry, out);
    const bool is_said = tar_headers_size(entry) == written && out.text().size() == written;
    CHECK_MESSAGE(is_said, entry.type << ' ' << entry.path);
  }
}
