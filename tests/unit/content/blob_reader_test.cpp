/// Ranges of blobs, with and without chunk tables, honest and lying.

#include <doctest/doctest.h>

#include "strata/base/error.hpp"
#include "unit/content/random_files.hpp"
#include "unit/content/streams.hpp"

using namespace strata;
using namespace strata::test;

namespace {

constexpr std::size_t chunk = ChunkTable::chunk_size_max;

std::string read_range(const BlobReader& blob, std::uint64_t offset, std::uint64_t size) {
  return read_all(*blob.open(offset, size), size + 1, "a test");
}

}  // namespace

TEST_CASE("any range can be read with and without a chunk table") {
  const std::string bytes = sample(20 * chunk + 321);
  const ScratchDirectory scratch;
  for (const Compression& compression :
       {Compression{Codec::none, 0}, Compression{Codec::gzip, 1}, Compression{Codec::gzip, 6},
        Compression{Codec::zstd, 1}}) {
    const Compressed packed = compress(bytes, compression);
    const std::string name = to_string(compression.codec) + std::to_string(compression.level);
    scratch.write(name, packed.bytes);
    const Fd fd = scratch.root().open_file(name);
    for (const bool has_table : {true, false}) {
      const BlobReader blob(fd.get(), has_table ? packed.table : ChunkTable{}, compression.codec);
      Dice dice(7);
      for (int i = 0; i < 40; ++i) {
        const std::size_t offset = dice.roll(static_cast<unsigned>(bytes.size()));
        const std::size_t size =
            std::min<std::size_t>(dice.roll(i % 4 == 0 ? 3 * chunk : 5000), bytes.size() - offset);
        const bool is_same = read_range(blob, offset, size) == bytes.substr(offset, size);
        CHECK_MESSAGE(is_same, name << " from " << offset << " size " << size);
      }
      CHECK(read_range(blob, bytes.size(), 0).empty());
      CHECK_THROWS_AS(read_range(blob, bytes.size() - 1, 2), Error);
      CHECK_THROWS_AS(read_range(blob, bytes.size() + 5 * chunk, 1), Error);
    }
  }
}

TEST_CASE("many threads read one blob") {
  const std::string bytes = sample(20 * chunk);
  const ScratchDirectory scratch;
  const Compressed packed = compress(bytes, {Codec::gzip, 1});
  scratch.write("blob", packed.bytes);
  const Fd fd = scratch.root().open_file("blob");
  for (const bool has_table : {true, false}) {
    const BlobReader blob(fd.get(), has_table ? packed.table : ChunkTable{}, Codec::gzip);
    WorkerPool pool(4);
    std::atomic<int> wrong = 0;
    pool.for_each_index(400, [&](std::size_t i) {
      const std::size_t offset = i * 50'000;
      if (read_range(blob, offset, 9000) != bytes.substr(offset, 9000)) ++wrong;
    });
    CHECK(wrong == 0);
  }
}

TEST_CASE("a chunk table that lies is an error") {
  const std::string bytes = sample(3 * chunk);
  const ScratchDirectory scratch;
  for (const Compression& compression :
       {Compression{Codec::gzip, 1}, Compression{Codec::zstd, 1}}) {
    const Compressed packed = compress(bytes, compression);
    scratch.write(to_string(compression.codec), packed.bytes);
    const Fd fd = scratch.root().open_file(to_string(compression.codec));
    const auto read_middle = [&](ChunkTable table) {
      read_range(BlobReader(fd.get(), std::move(table), compression.codec), chunk, 10);
    };
    ChunkTable table = packed.table;
    CHECK_NOTHROW(read_middle(table));
    table.starts[1].encoded += 3;
    CHECK_THROWS_AS(read_middle(table), Error);
    table.starts[1].encoded = ~0ull - 5;
    CHECK_THROWS_AS(read_middle(table), Error);
    table.starts[1].encoded = 0;
    table.starts[2].encoded = ~0ull;
    CHECK_THROWS_AS(read_middle(table), Error);
  }
}
