/// Layers written with the help of earlier ones: the bytes are those that they would have anyway.

#include "content/chunk_reuse.hpp"

#include <doctest/doctest.h>

#include <atomic>

#include "unit/content/random_files.hpp"
#include "unit/content/streams.hpp"
#include "unit/content/written_layers.hpp"

using namespace strata;
using namespace strata::test;

namespace {

/// Chunks of which are decoded faster than their files are read, and the other way round.
enum class Bytes { sparse, dense };

std::string bytes_of(Bytes kind, std::size_t size, unsigned seed) {
  return kind == Bytes::dense ? sample(size, seed) : std::string(size, static_cast<char>(seed));
}

/// A layer with enough small files for many chunks, a large one, and whatever else there is.
std::vector<Entry> many_entries(Contents& contents, Bytes kind = Bytes::dense) {
  std::vector<Entry> entries{directory("d"), soft_link("s", "d"), device("n", 1, 3)};
  for (unsigned i = 0; i < 600; ++i)
    entries.push_back(
        contents.add("d/" + std::to_string(1000 + i), bytes_of(kind, 11 * i + 7000, i)));
  entries.push_back(contents.add("e", sample(2'500'000)));
  for (unsigned i = 0; i < 600; ++i)
    entries.push_back(
        contents.add("f/" + std::to_string(1000 + i), bytes_of(kind, 9 * i + 3000, i)));
  entries.push_back(hard_link("z", "f/1005"));
  return entries;
}

/// As COPY has them: what is in the index is known.
void know_contents(std::vector<Entry>& entries, const Contents& contents) {
  for (Entry& entry : entries)
    if (entry.is_file()) entry.content = ContentDigest(Digest::of(contents.at(entry.path)));
}

/// A blob in a file, and what is known of it.
class Kept {
 public:
  explicit Kept(const Written& written) : Kept(written.layer.layer, written.blob) {}
  Kept(const LayerTree& layer, std::string_view blob) {
    scratch_.write("blob", blob);
    earlier_ = {std::make_shared<const LayerTree>(layer), scratch_.root().open_file("blob")};
  }
  const EarlierLayer& get() const { return earlier_; }

 private:
  ScratchDirectory scratch_;
  EarlierLayer earlier_;
};

struct Rewritten {
  Written written;
  int opened = 0;
};

Rewritten rewrite(const std::vector<Entry>& entries, const Contents& contents,
                  const EarlierLayer& earlier, const Compression& compression = {}) {
  std::atomic<int> opened = 0;
  const ContentOpener open = [&](const Entry& entry) {
    ++opened;
    return contents.opener()(entry);
  };
  WorkerPool pool(2);
  StringSink out;
  WrittenLayer layer =
      write_layer(Tree(entries), open, out, compression, pool, {.earlier = &earlier});
  return {{std::move(layer), out.take()}, opened};
}

bool is_same(const Written& left, const Written& right) {
  return left.blob == right.blob && left.layer.diff_id == right.layer.diff_id &&
         left.layer.digest == right.layer.digest &&
         encode_layer_tree(left.layer.layer) == encode_layer_tree(right.layer.layer);
}

Entry& at(std::vector<Entry>& entries, std::string_view path) {
  return *std::ranges::find(entries, path, &Entry::path);
}

constexpr int files = 1201;

}  // namespace

TEST_CASE("a layer with the help of an earlier one is the same as without") {
  for (const auto& [compression, kind] : {std::pair{Compression{Codec::gzip, 1}, Bytes::sparse},
                                          std::pair{Compression{Codec::gzip, 1}, Bytes::dense},
                                          std::pair{Compression{Codec::gzip, 6}, Bytes::sparse},
                                          std::pair{Compression{Codec::zstd, 3}, Bytes::dense}}) {
    Contents before;
    std::vector<Entry> entries = many_entries(before, kind);
    const Kept earlier(write(Tree(entries), before.opener(), compression));
    know_contents(entries, before);
    for (const int change : {0, 1, 2, 3, 4, 5}) {
      Contents contents = before;
      std::vector<Entry> now = entries;
      if (change == 1) {
        contents.add("d/1300", "shorter than before");
        at(now, "d/1300").size = contents.at("d/1300").size();
      }
      if (change == 2) now.push_back(contents.add("d/1300a", "one more"));
      if (change == 3) std::erase_if(now, [](const Entry& each) { return each.path == "f/1300"; });
      if (change == 4) at(now, "f/1300").mode = 0755;
      if (change == 5) at(now, "f/1300").mtime = 77;
      know_contents(now, contents);
      const Rewritten again = rewrite(now, contents, earlier.get(), compression);
      CHECK(is_same(again.written, write(Tree(now), contents.opener(), compression)));
      if (kind == Bytes::dense) continue;
      CHECK(again.opened < files / 2);
      if (change == 0)
        CHECK(again.opened < files / 4);  // the large one, and those of the hard link
    }
  }
}

TEST_CASE("before the first change nothing is opened, large files neither") {
  for (const Compression& compression :
       {Compression{Codec::gzip, 1}, Compression{Codec::gzip, 6}, Compression{Codec::zstd, 3}}) {
    Contents before;
    std::vector<Entry> entries = many_entries(before);
    const Kept earlier(write(Tree(entries), before.opener(), compression));
    know_contents(entries, before);
    for (const bool is_last : {false, true}) {
      Contents contents = before;
      std::vector<Entry> now = entries;
      Entry& changed = at(now, is_last ? "f/1598" : "e");
      changed.size = contents.add(changed.path, sample(3'000'000, 7)).size;
      know_contents(now, contents);
      const Rewritten again = rewrite(now, contents, earlier.get(), compression);
      CHECK(is_same(again.written, write(Tree(now), contents.opener(), compression)));
      CHECK(again.opened < (is_last ? 200 : 800));
    }
  }
}

TEST_CASE("a beginning that is damaged is copied up to the damage") {
  Contents contents;
  std::vector<Entry> entries = many_entries(contents);
  const Written plain = write(Tree(entries), contents.opener());
  know_contents(entries, contents);
  int before = 0;
  for (const std::size_t part : {19, 10, 1}) {
    std::string damaged = plain.blob;
    damaged[damaged.size() * part / 20] ^= 1;
    const Rewritten again = rewrite(entries, contents, Kept(plain.layer.layer, damaged).get());
    CHECK(is_same(again.written, plain));
    CHECK(again.opened > before);
    before = again.opened;
  }
}

TEST_CASE("contents that are not known are looked at") {
  Contents contents;
  const std::vector<Entry> entries = many_entries(contents);
  const Written plain = write(Tree(entries), contents.opener());
  const Rewritten again = rewrite(entries, contents, Kept(plain).get());
  CHECK(is_same(again.written, plain));
  CHECK(again.opened == files);
}

TEST_CASE("chunks that were compressed in another way are not taken") {
  Contents contents;
  std::vector<Entry> entries = many_entries(contents);
  const Kept earlier(write(Tree(entries), contents.opener(), {Codec::gzip, 2}));
  know_contents(entries, contents);
  for (const Compression& other :
       {Compression{Codec::gzip, 1}, Compression{Codec::zstd, 2}, Compression{Codec::none, 0}}) {
    const Rewritten again = rewrite(entries, contents, earlier.get(), other);
    CHECK(is_same(again.written, write(Tree(entries), contents.opener(), other)));
    CHECK(again.opened == files);
  }
}

TEST_CASE("a damaged blob costs time and nothing else") {
  for (const Bytes kind : {Bytes::sparse, Bytes::dense}) {
    Contents contents;
    std::vector<Entry> entries = many_entries(contents, kind);
    const Written plain = write(Tree(entries), contents.opener());
    know_contents(entries, contents);
    Dice dice(5);
    for (int round = 0; round < 20; ++round) {
      std::string damaged = plain.blob;
      for (int i = 0; i < 5; ++i) {
        char& byte = damaged[dice.roll(static_cast<unsigned>(damaged.size()))];
        byte = static_cast<char>(byte ^ (1 << dice.roll(8)));
      }
      if (round % 4 == 0) damaged.resize(damaged.size() / 2);
      const Kept earlier(plain.layer.layer, damaged);
      CHECK(is_same(rewrite(entries, contents, earlier.get()).written, plain));
    }
  }
}

TEST_CASE("where files are read, what was compressed of other bytes is not taken") {
  Contents contents;
  std::vector<Entry> entries = many_entries(contents);
  LayerTree layer = write(Tree(entries), contents.opener()).layer.layer;
  const std::string blob = write(Tree(entries), contents.opener()).blob;
  for (ChunkSeal& seal : layer.chunks.seals) seal.crc32 ^= 1;
  at(entries, "d/1000").size = contents.add("d/1000", "the first has changed").size;
  know_contents(entries, contents);
  CHECK(is_same(rewrite(entries, contents, Kept(layer, blob).get()).written,
                write(Tree(entries), contents.opener())));
}

TEST_CASE("chunk tables that make no sense are passed over") {
  Contents contents;
  std::vector<Entry> entries = many_entries(contents);
  const Written plain = write(Tree(entries), contents.opener());
  know_contents(entries, contents);
  for (int change = 0; change < 5; ++change) {
    LayerTree lying = plain.layer.layer;
    auto& starts = lying.chunks.starts;
    if (change == 0) starts[2].encoded = ~0ull - 63;
    if (change == 1) starts[3].plain += 512;
    if (change == 2) starts[0].plain = 1ull << 40;
    if (change == 3) starts.resize(1);
    if (change == 4) lying.chunks.uncompressed_size = 0;
    const Kept earlier(lying, plain.blob);
    CHECK(is_same(rewrite(entries, contents, earlier.get()).written, plain));
  }
}

TEST_CASE("random layers are the same with the help of any other") {
  for (unsigned seed = 0; seed < 60; ++seed) {
    RandomFiles random(seed);
    Files names = random.files();
    const auto entries_of = [&](Contents& contents, unsigned salt) {
      std::vector<Entry> entries;
      const Tree tree = names.tree();
      for (Entry entry : tree.entries()) {
        if (entry.is_file()) {
          const auto size = 60'000 + std::hash<std::string>()(entry.path) % 90'000;
          const bool is_changed = random.dice().chance(10);
          entry.size = contents.add(entry.path, sample(size, is_changed ? salt : 1)).size;
          entry.content.reset();
        }
        entries.push_back(std::move(entry));
      }
      return entries;
    };
    Contents before;
    const Kept earlier(write(Tree(entries_of(before, 2)), before.opener()));
    random.change(names, 3);
    Contents after;
    std::vector<Entry> entries = entries_of(after, 3);
    know_contents(entries, after);
    const bool same = is_same(rewrite(entries, after, earlier.get()).written,
                              write(Tree(entries), after.opener()));
    CHECK_MESSAGE(same, "seed " << seed);
    if (!same) break;
  }
}
