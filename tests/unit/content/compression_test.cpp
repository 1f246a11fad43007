#include "strata/content/compression.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include "strata/base/error.hpp"
#include "strata/content/digest.hpp"
#include "unit/content/streams.hpp"

using namespace strata;
using namespace strata::test;

namespace {

constexpr std::size_t chunk = ChunkTable::chunk_size_max;

std::vector<Compression> all_levels() {
  std::vector<Compression> levels{{Codec::none, 0}};
  for (const int level : {1, 2, 4, 6, 9}) levels.push_back({Codec::gzip, level});
  for (const int level : {1, 3, 19}) levels.push_back({Codec::zstd, level});
  return levels;
}

bool is_refused(std::string_view bytes, Codec codec) {
  try {
    decompress(bytes, codec);
    return false;
  } catch (const Error& error) {
    return error.kind() == ErrorKind::corrupt;
  }
}

}  // namespace

TEST_CASE("level 0 means the default and levels that do not exist are refused with those that do") {
  CHECK(make_compression(Codec::gzip, 0).level == 1);
  CHECK(make_compression(Codec::zstd, 0).level == 3);
  CHECK(make_compression(Codec::none, 0).level == 0);
  CHECK(make_compression(Codec::gzip, 9).level == 9);
  CHECK_THROWS_WITH_AS(make_compression(Codec::gzip, 3), doctest::Contains("1, 2 and 4 to 9"),
                       Error);
  for (const int level : {-1, 10}) CHECK_THROWS_AS(make_compression(Codec::gzip, level), Error);
  for (const int level : {-1, 20}) CHECK_THROWS_AS(make_compression(Codec::zstd, level), Error);
  CHECK_THROWS_AS(make_compression(Codec::none, 1), Error);
}

TEST_CASE("what is compressed is decompressed the same at every level and size") {
  for (const Compression& compression : all_levels())
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, chunk - 1, chunk, chunk + 1, 2 * chunk + 77}) {
      if (compression.level >= 9 && size > chunk) continue;  // slow, and the same code
      const std::string bytes = sample(size);
      const bool is_same =
          decompress(compress(bytes, compression).bytes, compression.codec) == bytes;
      CHECK_MESSAGE(is_same, to_string(compression.codec)
                                 << ' ' << compression.level << ' ' << size);
    }
}

TEST_CASE("the bytes do not depend on the number of threads nor on the pieces written") {
  const std::string bytes = sample(5 * chunk + 12345);
  for (const Compression& compression :
       {Compression{Codec::gzip, 1}, Compression{Codec::gzip, 2}, Compression{Codec::gzip, 6},
        Compression{Codec::zstd, 3}}) {
    const Compressed one = compress(bytes, compression, 1);
    const Compressed two = compress(bytes, compression, 2, 4096);
    const Compressed eight = compress(bytes, compression, 8, 3 * chunk);
    CHECK(one.bytes == two.bytes);
    CHECK(one.bytes == eight.bytes);
    CHECK(one.table.starts == eight.table.starts);
  }
}

TEST_CASE("the bytes of the fast levels are those of every machine") {
  // Layers made elsewhere must have the digests that they have here.
  const std::string bytes = sample(2 * chunk + 5000) + noise(70'000);
  CHECK(Digest::of(compress(bytes, {Codec::gzip, 1}).bytes).short_hex() == "f49888e72700");
  CHECK(Digest::of(compress(bytes, {Codec::gzip, 2}).bytes).short_hex() == "ead82059be1c");
}

TEST_CASE("other programs decompress what is compressed") {
  const std::string bytes = sample(3 * chunk + 99);
  for (const int level : {1, 2, 6})
    CHECK(filtered("gzip -dc", compress(bytes, {Codec::gzip, level}).bytes) == bytes);
  if (has_program("zstd"))
    CHECK(filtered("zstd -dc", compress(bytes, {Codec::zstd, 3}).bytes) == bytes);
  CHECK(filtered("gzip -dc", compress("", {Codec::gzip, 1}).bytes).empty());
}

TEST_CASE("a gzip header has no name and no time and one member holds everything") {
  const std::string gzip = compress(sample(2 * chunk), {Codec::gzip, 1}).bytes;
  CHECK(gzip.substr(0, 10) == std::string("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10));
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  std::string out(2 * chunk + 1, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gzip.data()));
  stream.avail_in = static_cast<uInt>(gzip.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  CHECK(stream.avail_in == 0);
  CHECK(stream.total_out == 2 * chunk);
  inflateEnd(&stream);
}

TEST_CASE("bytes that cannot be compressed grow by little") {
  const std::string bytes = noise(chunk + 5000);
  for (const Compression& compression : all_levels())
    CHECK(compress(bytes, compression).bytes.size() < bytes.size() + bytes.size() / 500 + 100);
}

TEST_CASE("the chunk table says where each chunk begins") {
  const std::string bytes = sample(2 * chunk + 10);
  const Compressed gzip = compress(bytes, {Codec::gzip, 1});
  CHECK(gzip.table.uncompressed_size == bytes.size());
  REQUIRE(gzip.table.starts.size() == 3);
  CHECK(gzip.table.starts[0].encoded == 10);
  CHECK(compress(bytes, {Codec::zstd, 3}).table.starts[0].encoded == 0);
  CHECK(compress(bytes, {Codec::none, 0}).table.empty());
  CHECK(compress("", {Codec::gzip, 1}).table.empty());
  CHECK(compress("", {Codec::zstd, 3}).table.empty());
}

TEST_CASE("a pool whose threads all compress is no deadlock") {
  WorkerPool pool(2);
  const std::string bytes = sample(12 * chunk);
  std::vector<std::future<std::size_t>> sizes;
  for (int i = 0; i < 4; ++i)
    sizes.push_back(pool.submit([&] {
      StringSink out;
      CompressingSink sink(out, {Codec::gzip, 1}, pool);
      sink.write(bytes);
      sink.finish();
      return out.text().size();
    }));
  const std::size_t size = sizes[0].get();
  for (std::size_t i = 1; i < sizes.size(); ++i) CHECK(sizes[i].get() == size);
}

TEST_CASE("an error of the sink comes through and leaves nothing running") {
  WorkerPool pool(2);
  CallbackSink out([](std::string_view bytes) {
    if (bytes.size() > 10) fail(ErrorKind::system, "full");
  });
  CompressingSink sink(out, {Codec::gzip, 1}, pool);
  CHECK_THROWS_AS(sink.write(sample(20 * chunk)), Error);
}

TEST_CASE("a codec is told from the first bytes") {
  CHECK(detect_codec(compress("x", {Codec::gzip, 1}).bytes) == Codec::gzip);
  CHECK(detect_codec(compress("x", {Codec::zstd, 1}).bytes) == Codec::zstd);
  CHECK(detect_codec("plain text") == Codec::none);
  CHECK(detect_codec("\x1f\x8b") == Codec::none);
  CHECK(detect_codec("") == Codec::none);
}

TEST_CASE("several members and several frames are one stream however they arrive") {
  const std::string gzip = compress("first ", {Codec::gzip, 1}).bytes +
                           filtered("gzip -9 -n", "second ") + filtered("gzip -1", "") +
                           filtered("gzip -N", sample(100'000));
  const std::string expected = "first second " + sample(100'000);
  for (const std::size_t piece : {1u, 2u, 7u, 1000u, 1u << 20})
    CHECK(decompress(gzip, Codec::gzip, piece) == expected);
  if (!has_program("zstd")) return;
  const std::string zstd =
      compress("first ", {Codec::zstd, 1}).bytes + filtered("zstd -c", "second ");
  for (const std::size_t piece : {1u, 3u, 1000u})
    CHECK(decompress(zstd, Codec::zstd, piece) == "first second ");
}

TEST_CASE("small reads and large reads give the same bytes") {
  const std::string bytes = sample(3 * chunk + 5);
  for (const Compression& compression :
       {Compression{Codec::gzip, 2}, Compression{Codec::zstd, 3}}) {
    const std::string packed = compress(bytes, compression).bytes;
    ViewSource in(packed);
    const auto source = make_decompressor(in, compression.codec);
    std::string out;
    std::string buffer(2 << 20, '\0');
    for (std::size_t i = 0;; ++i) {
      const std::size_t wanted = i % 3 == 0 ? 512 : i % 3 == 1 ? 100'000 : buffer.size();
      const std::size_t count = source->read(std::span(buffer).first(wanted));
      if (count == 0) break;
      out.append(buffer, 0, count);
    }
    CHECK(out == bytes);
  }
}

TEST_CASE("a stream cut off anywhere is refused") {
  for (const Compression& compression :
       {Compression{Codec::gzip, 1}, Compression{Codec::zstd, 3}}) {
    const std::string packed = compress(sample(3000), compression).bytes;
    for (std::size_t size = 0; size < packed.size(); ++size)
      if (!is_refused(packed.substr(0, size), compression.codec))
        FAIL_CHECK(to_string(compression.codec) << " cut to " << size << " of " << packed.size());
  }
}

TEST_CASE(
    "a gzip stream with one wrong byte is refused or gives other bytes only where no checksum "
    "looks") {
  const std::string bytes = sample(2000);
  const std::string packed = compress(bytes, {Codec::gzip, 1}).bytes;
  for (std::size_t at = 10; at < packed.size(); ++at) {
    std::string damaged = packed;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    if (!is_refused(damaged, Codec::gzip)) FAIL_CHECK("byte " << at);
  }
}

TEST_CASE("what follows the last gzip member is refused unless it is zeros to the end") {
  const std::string packed = compress("x", {Codec::gzip, 1}).bytes;
  CHECK(decompress(packed + std::string(70'000, '\0'), Codec::gzip) == "x");
  CHECK(decompress(packed + std::string(1, '\0'), Codec::gzip, 1) == "x");
  CHECK(is_refused(packed + "garbage", Codec::gzip));
  CHECK(is_refused(packed + std::string(512, '\0') + packed, Codec::gzip));
  CHECK(is_refused(packed + "\x1f", Codec::gzip));
  CHECK(is_refused("", Codec::gzip));
  CHECK(is_refused("", Codec::zstd));
  CHECK(is_refused(compress("x", {Codec::zstd, 1}).bytes + "garbage", Codec::zstd));
}

TEST_CASE("random bytes are refused and never anything worse") {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    CHECK(is_refused("\x1f\x8b\x08" + std::string(1, '\0') + noise(200, seed), Codec::gzip));
    CHECK(is_refused("\x28\xb5\x2f\xfd" + noise(200, seed), Codec::zstd));
  }
}

TEST_CASE("a zstd frame that wants a larger window than 128 MiB is refused") {
  // RFC 8878: magic, a descriptor without size, a window of 2^(10 + exponent), an empty raw block.
  const auto frame = [](int exponent) {
    return std::string("\x28\xb5\x2f\xfd\x00", 5) + static_cast<char>(exponent << 3) +
           std::string("\x01\0\0", 3);
  };
  CHECK(decompress(frame(17), Codec::zstd).empty());
  CHECK(is_refused(frame(18), Codec::zstd));
}
