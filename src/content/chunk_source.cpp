/// The uncompressed bytes of a blob front to back, its chunks decoded by a pool.

#include <algorithm>
#include <cstring>

#include "content/chunk_decoder.hpp"
#include "content/ordered_jobs.hpp"
#include "strata/base/error.hpp"
#include "strata/content/compression.hpp"
#include "strata/content/hashing.hpp"

namespace strata {

namespace {

// Enough for a pool that is busy elsewhere too; what is more would only take memory.
constexpr std::size_t in_flight_max = 8;

struct DecodeJob {
  explicit DecodeJob(Codec codec_of_chunk) : codec(codec_of_chunk) {}

  void run() {
    decoded.resize(decoded_size);
    decode_chunk(encoded, codec, decoded);
  }

  Codec codec;
  std::vector<char> encoded;
  std::size_t decoded_size = 0;
  std::vector<char> decoded;
};

/// Reads the blob in the thread that reads this, so that whoever hashes it sees it in order.
class ChunkSource : public Source {
 public:
  ChunkSource(Source& in, ChunkTable table, Codec codec, WorkerPool& pool)
      : in_(in),
        table_(std::move(table)),
        codec_(codec),
        jobs_(pool, std::min<std::size_t>(2 * pool.size() + 1, in_flight_max)) {
    LimitedSource header(in_, table_.starts.front().encoded);
    drain(header);
  }

  std::size_t read(std::span<char> buffer) override {
    if (rest_.empty()) next_chunk();
    const std::size_t count = std::min(buffer.size(), rest_.size());
    std::copy_n(rest_.data(), count, buffer.data());
    rest_ = rest_.subspan(count);
    return count;
  }

 private:
  void next_chunk() {
    if (current_) spare_.push_back(std::move(current_));
    while (!jobs_.is_full() && next_ < table_.starts.size()) jobs_.put(make_job(next_++));
    if (jobs_.empty()) return;
    current_ = jobs_.take();
    rest_ = current_->decoded;
  }

  std::unique_ptr<DecodeJob> make_job(std::size_t index) {
    auto job = std::make_unique<DecodeJob>(codec_);
    if (!spare_.empty()) {
      job = std::move(spare_.back());
      spare_.pop_back();
    }
    job->encoded.resize(encoded_chunk_size(table_, index));
    job->encoded.resize(read_full(in_, job->encoded));
    job->decoded_size = decoded_chunk_size(table_, index);
    return job;
  }

  Source& in_;
  ChunkTable table_;
  Codec codec_;
  std::size_t next_ = 0;  ///< the chunk to be read next
  std::unique_ptr<DecodeJob> current_;
  std::span<const char> rest_;  ///< of the current chunk
  std::vector<std::unique_ptr<DecodeJob>> spare_;
  OrderedJobs<DecodeJob> jobs_;
};

}  // namespace

std::unique_ptr<Source> make_chunk_decompressor(Source& in, const ChunkTable& table, Codec codec,
                                                WorkerPool& pool) {
  return std::make_unique<ChunkSource>(in, table, codec, pool);
}

}  // namespace strata
