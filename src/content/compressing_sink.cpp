/// Bytes cut into chunks, compressed by a pool and written in their order, with the chunk table.

#include <isa-l/crc.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "content/chunk_encoder.hpp"
#include "content/ordered_hasher.hpp"
#include "content/ordered_jobs.hpp"
#include "strata/content/compression.hpp"

namespace strata {

namespace {

// RFC 1952: no flags, no time, no extra flags, OS unknown.
constexpr std::string_view gzip_header{"\x1f\x8b\x08\0\0\0\0\0\0\xff", 10};
// The last deflate block: empty, with fixed codes.
constexpr std::string_view last_deflate_block{"\x03\0", 2};

std::string little_endian32(std::uint64_t value) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(value >> shift);
  return bytes;
}

/// One chunk and all that is needed to compress it.
struct ChunkJob {
  ChunkJob(const Compression& compression, const SpanScope& scope, OrderedHasher* hasher)
      : spans(scope),
        plain(hasher),
        encoder(make_chunk_encoder(compression)),
        chunk(ChunkTable::chunk_size) {}

  /// The hash comes last: a chunk that cannot be compressed goes away while others are hashed.
  void run() {
    compress();
    if (plain != nullptr) plain->put(number, {chunk.data(), chunk_size});
  }

  void compress() {
    SpanTimer timer(spans, "compress");
    timer.count("bytes", chunk_size);
    crc = crc32_gzip_refl(0, reinterpret_cast<const unsigned char*>(chunk.data()), chunk_size);
    encoded_size = encoder->encode({chunk.data(), chunk_size}, encoded);
  }

  const SpanScope& spans;
  OrderedHasher* plain;
  std::size_t number = 0;
  std::unique_ptr<ChunkEncoder> encoder;
  std::vector<char> chunk;
  std::size_t chunk_size = 0;
  std::vector<char> encoded;
  std::size_t encoded_size = 0;
  std::uint32_t crc = 0;
};

}  // namespace

class CompressingSink::Impl {
 public:
  Impl(Sink& out, const Compression& compression, WorkerPool& pool, const SpanScope& spans,
       OrderedHasher* plain)
      : out_(out),
        compression_(compression),
        spans_(spans),
        plain_(plain),
        jobs_(pool, 2 * pool.size() + 1) {
    if (is_gzip()) put(gzip_header);
  }

  void write(std::string_view bytes) {
    table_.uncompressed_size += bytes.size();
    if (compression_.codec == Codec::none) return pass_on(bytes);
    while (!bytes.empty()) {
      if (!filling_) filling_ = fresh_job();
      const std::size_t room = filling_->chunk.size() - filling_->chunk_size;
      const std::size_t count = std::min(room, bytes.size());
      std::memcpy(filling_->chunk.data() + filling_->chunk_size, bytes.data(), count);
      filling_->chunk_size += count;
      bytes.remove_prefix(count);
      if (count == room) submit();
    }
  }

  ChunkTable finish() {
    // A zstd stream without a frame is none; an empty one needs an empty frame.
    const bool is_empty_zstd = compression_.codec == Codec::zstd && table_.uncompressed_size == 0;
    if (is_empty_zstd) filling_ = fresh_job();
    if (filling_) submit();
    while (!jobs_.empty()) write_oldest();
    if (is_gzip()) put_gzip_trailer();
    if (is_empty_zstd) table_.starts.clear();
    return std::move(table_);
  }

 private:
  bool is_gzip() const { return compression_.codec == Codec::gzip; }

  void pass_on(std::string_view bytes) {
    if (plain_ != nullptr) plain_->put(put_count_++, bytes);
    out_.write(bytes);
  }

  std::unique_ptr<ChunkJob> fresh_job() {
    if (spare_.empty()) return std::make_unique<ChunkJob>(compression_, spans_, plain_);
    auto job = std::move(spare_.back());
    spare_.pop_back();
    job->chunk_size = 0;
    return job;
  }

  void submit() {
    if (jobs_.is_full()) write_oldest();
    filling_->number = put_count_++;
    jobs_.put(std::move(filling_));
  }

  void write_oldest() {
    auto job = jobs_.take();
    if (plain_ != nullptr) plain_->await(job->number);
    table_.starts.push_back(written_);
    put({job->encoded.data(), job->encoded_size});
    crc_ = static_cast<std::uint32_t>(
        crc32_combine(crc_, job->crc, static_cast<z_off_t>(job->chunk_size)));
    spare_.push_back(std::move(job));
  }

  void put_gzip_trailer() {
    put(last_deflate_block);
    put(little_endian32(crc_));
    put(little_endian32(table_.uncompressed_size));
  }

  void put(std::string_view bytes) {
    out_.write(bytes);
    written_ += bytes.size();
  }

  Sink& out_;
  Compression compression_;
  SpanScope spans_;
  OrderedHasher* plain_;
  std::size_t put_count_ = 0;
  OrderedJobs<ChunkJob> jobs_;
  std::unique_ptr<ChunkJob> filling_;
  std::vector<std::unique_ptr<ChunkJob>> spare_;
  ChunkTable table_;
  std::uint64_t written_ = 0;
  std::uint32_t crc_ = 0;
};

CompressingSink::CompressingSink(Sink& out, const Compression& compression, WorkerPool& pool,
                                 const SpanScope& spans, OrderedHasher* plain)
    : impl_(std::make_unique<Impl>(out, compression, pool, spans, plain)) {}
CompressingSink::~CompressingSink() = default;

void CompressingSink::write(std::string_view bytes) { impl_->write(bytes); }

ChunkTable CompressingSink::finish() { return impl_->finish(); }

}  // namespace strata
