/// Bytes cut into chunks, compressed by a pool and written in their order, with the chunk table.

#include <isa-l/crc.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "content/chunk_decoder.hpp"
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

/// One chunk and all that is needed to make and compress it.
struct ChunkJob {
  ChunkJob(const Compression& compression, const SpanScope& scope, OrderedHasher* plain_hasher)
      : spans(scope), hasher(plain_hasher) {
    if (compression.codec != Codec::none) encoder = make_chunk_encoder(compression);
  }

  std::string_view plain() const { return {room.get(), size}; }
  std::string_view stored() const {
    return encoder ? std::string_view(encoded.data(), encoded_size) : plain();
  }

  /// The hash comes last: a chunk that cannot be made goes away while others are hashed.
  void run() {
    std::optional<std::uint32_t> encoded_of;
    if (make) encoded_of = make({room.get(), size}, encoded);
    if (encoder) {
      crc = crc32_gzip_refl(0, reinterpret_cast<const unsigned char*>(room.get()), size);
      encoded_size = encoded.size();
      is_reused = encoded_of == crc;
      if (!is_reused) compress();
    }
    if (hasher != nullptr) hasher->put(number, plain());
  }

  void compress() {
    SpanTimer timer(spans, "compress");
    timer.count("bytes", size);
    encoded_size = encoder->encode(plain(), encoded);
  }

  const SpanScope& spans;
  OrderedHasher* hasher;
  std::unique_ptr<ChunkEncoder> encoder;  ///< null for what is stored as it is
  std::size_t number = 0;
  ChunkMaker make;  ///< empty if the chunk was written
  std::unique_ptr<char[]> room = std::make_unique_for_overwrite<char[]>(ChunkTable::chunk_size_max);
  std::size_t size = 0;
  std::vector<char> encoded;
  std::size_t encoded_size = 0;
  bool is_reused = false;
  std::uint32_t crc = 0;
};

}  // namespace

class CompressingSink::Impl {
 public:
  Impl(Sink& out, const Compression& compression, WorkerPool& pool, const SpanScope& spans,
       const ChunkHashing& hashing, ChunkTable begun, std::uint64_t begun_size)
      : out_(out),
        compression_(compression),
        spans_(spans),
        hashing_(hashing),
        jobs_(pool, 2 * pool.size() + 1),
        table_(std::move(begun)),
        written_(begun_size),
        reused_(begun_size) {
    if (table_.empty()) {
      if (is_gzip()) put(gzip_header);
    } else {
      for (std::size_t i = 0; i < table_.starts.size(); ++i)
        add_checksum(table_.seals[i].crc32, decoded_chunk_size(table_, i));
    }
  }

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      if (!filling_) filling_ = fresh_job();
      const std::size_t left = ChunkTable::chunk_size_max - filling_->size;
      const std::size_t count = std::min(left, bytes.size());
      std::memcpy(filling_->room.get() + filling_->size, bytes.data(), count);
      filling_->size += count;
      bytes.remove_prefix(count);
      if (count == left) end_chunk();
    }
  }

  void end_chunk() {
    if (filling_) submit(std::move(filling_));
  }

  void add_chunk(std::size_t size, ChunkMaker make) {
    end_chunk();
    auto job = fresh_job();
    job->size = size;
    job->make = std::move(make);
    submit(std::move(job));
  }

  std::uint64_t reused_size() const { return reused_; }

  ChunkTable finish() {
    end_chunk();
    // A zstd stream without a frame is none; an empty one needs an empty frame.
    if (compression_.codec == Codec::zstd && put_count_ == 0 && table_.empty()) submit(fresh_job());
    while (!jobs_.empty()) write_oldest();
    if (is_gzip()) put_gzip_trailer();
    if (compression_.codec == Codec::none || table_.uncompressed_size == 0) {
      table_.starts.clear();
      table_.seals.clear();
    }
    return std::move(table_);
  }

 private:
  bool is_gzip() const { return compression_.codec == Codec::gzip; }

  std::unique_ptr<ChunkJob> fresh_job() {
    if (spare_.empty()) return std::make_unique<ChunkJob>(compression_, spans_, hashing_.plain);
    auto job = std::move(spare_.back());
    spare_.pop_back();
    job->size = 0;
    job->make = nullptr;
    return job;
  }

  void submit(std::unique_ptr<ChunkJob> job) {
    if (jobs_.is_full()) write_oldest();
    job->number = put_count_++;
    jobs_.put(std::move(job));
  }

  void write_oldest() {
    auto job = jobs_.take();
    const auto plain_before = hashing_.plain ? hashing_.plain->await(job->number) : HashState();
    table_.starts.push_back({table_.uncompressed_size, written_});
    table_.uncompressed_size += job->size;
    const auto before = hashing_.encoded ? hashing_.encoded->state() : HashState();
    put(job->stored());
    if (job->is_reused) reused_ += job->encoded_size;
    if (hashing_.encoded)
      table_.seals.push_back({before, hashing_.encoded->digest(), job->crc, plain_before});
    add_checksum(job->crc, job->size);
    spare_.push_back(std::move(job));
  }

  void add_checksum(std::uint32_t crc, std::size_t size) {
    crc_ = static_cast<std::uint32_t>(crc32_combine(crc_, crc, static_cast<z_off_t>(size)));
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
  ChunkHashing hashing_;
  std::size_t put_count_ = 0;
  OrderedJobs<ChunkJob> jobs_;
  std::unique_ptr<ChunkJob> filling_;
  std::vector<std::unique_ptr<ChunkJob>> spare_;
  ChunkTable table_;
  std::uint64_t written_;
  std::uint64_t reused_;
  std::uint32_t crc_ = 0;
};

CompressingSink::CompressingSink(Sink& out, const Compression& compression, WorkerPool& pool,
                                 const SpanScope& spans, const ChunkHashing& hashing,
                                 ChunkTable begun, std::uint64_t begun_size)
    : impl_(std::make_unique<Impl>(out, compression, pool, spans, hashing, std::move(begun),
                                   begun_size)) {}
CompressingSink::~CompressingSink() = default;

void CompressingSink::write(std::string_view bytes) { impl_->write(bytes); }

void CompressingSink::end_chunk() { impl_->end_chunk(); }

void CompressingSink::add_chunk(std::size_t size, ChunkMaker make) {
  impl_->add_chunk(size, std::move(make));
}

ChunkTable CompressingSink::finish() { return impl_->finish(); }

std::uint64_t CompressingSink::reused_size() const { return impl_->reused_size(); }

}  // namespace strata
