/// Chunks of a layer, compressed; and a whole stream of them, cut, compressed on a pool and joined
/// with checksums. The limits are the library's own call on the same bytes; of the stream, that and
/// the checksum.

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "content/chunk_encoder.hpp"
#include "pair.hpp"
#include "samples.hpp"

namespace strata::bench {

namespace {

constexpr std::size_t mib = 1 << 20;
constexpr std::size_t stream_size = 16 * mib;

/// A buffer that no chunk overflows.
std::vector<unsigned char>& out() {
  static std::vector<unsigned char> room(2 * mib);
  return room;
}

const unsigned char* unsigned_bytes(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::size_t isal(std::string_view chunk) {
  static std::vector<unsigned char> level_buffer(ISAL_DEF_LVL1_DEFAULT);
  static isal_zstream stream;
  isal_deflate_init(&stream);
  stream.level = 1;
  stream.level_buf = level_buffer.data();
  stream.level_buf_size = static_cast<std::uint32_t>(level_buffer.size());
  stream.flush = FULL_FLUSH;
  stream.next_in = const_cast<unsigned char*>(unsigned_bytes(chunk));
  stream.avail_in = static_cast<std::uint32_t>(chunk.size());
  stream.next_out = out().data();
  stream.avail_out = static_cast<std::uint32_t>(out().size());
  isal_deflate(&stream);
  return out().size() - stream.avail_out;
}

z_stream zlib_stream(int level) {
  constexpr int raw_window_bits = -15;
  constexpr int memory_level = 8;
  z_stream stream{};
  deflateInit2(&stream, level, Z_DEFLATED, raw_window_bits, memory_level, Z_DEFAULT_STRATEGY);
  return stream;
}

std::size_t zlib(std::string_view chunk) {
  static z_stream stream = zlib_stream(6);
  deflateReset(&stream);
  stream.next_in = const_cast<unsigned char*>(unsigned_bytes(chunk));
  stream.avail_in = static_cast<unsigned>(chunk.size());
  stream.next_out = out().data();
  stream.avail_out = static_cast<unsigned>(out().size());
  deflate(&stream, Z_FULL_FLUSH);
  return out().size() - stream.avail_out;
}

/// With the frame's checksum, as chunks have it.
std::size_t zstd(std::string_view chunk) {
  static ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 3);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  return ZSTD_compress2(context, out().data(), out().size(), chunk.data(), chunk.size());
}

using Plain = std::size_t (*)(std::string_view);

void add_chunk(const std::string& piece, const Compression& compression, Plain plain) {
  static const std::string chunk = mixed_bytes(mib);
  std::shared_ptr<ChunkEncoder> encoder = make_chunk_encoder(compression);
  auto encoded = std::make_shared<std::vector<char>>();
  expect_same(piece, encoder->encode(chunk, *encoded) == plain(chunk));
  add_pair(
      piece, {"MiB", 1}, [=] { benchmark::DoNotOptimize(encoder->encode(chunk, *encoded)); },
      [=] { benchmark::DoNotOptimize(plain(chunk)); });
}

/// Counts, for what is written has been paid for already.
class CountingSink : public Sink {
 public:
  void write(std::string_view bytes) override { size_ += bytes.size(); }
  std::size_t size() const { return size_; }

 private:
  std::size_t size_ = 0;
};

std::size_t compress_stream(std::string_view bytes, WorkerPool& pool) {
  // As much as a tar writer hands over of a large file at once.
  constexpr std::size_t piece = 64 << 10;
  CountingSink sink;
  CompressingSink compressing(sink, {}, pool);
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
    compressing.write(bytes.substr(0, piece));
  compressing.finish();
  return sink.size();
}

std::size_t compress_chunks(std::string_view bytes) {
  std::size_t size = 0;
  for (; !bytes.empty(); bytes.remove_prefix(mib)) {
    benchmark::DoNotOptimize(crc32_gzip_refl(0, unsigned_bytes(bytes), mib));
    size += isal(bytes.substr(0, mib));
  }
  return size;
}

}  // namespace

void add_compress_pairs() {
  add_chunk("chunk, gzip 1", {Codec::gzip, 1}, isal);
  add_chunk("chunk, gzip 6", {Codec::gzip, 6}, zlib);
  add_chunk("chunk, zstd 3", {Codec::zstd, 3}, zstd);

  constexpr std::size_t header_and_trailer = 10 + 2 + 8;
  static const std::string bytes = mixed_bytes(stream_size);
  static WorkerPool pool(std::max(1u, std::thread::hardware_concurrency()));
  expect_same("stream, gzip 1",
              compress_stream(bytes, pool) == compress_chunks(bytes) + header_and_trailer);
  add_pair(
      "stream, gzip 1", {"MiB", stream_size / mib}, [] { compress_stream(bytes, pool); },
      [] { benchmark::DoNotOptimize(compress_chunks(bytes)); });
}

}  // namespace strata::bench
