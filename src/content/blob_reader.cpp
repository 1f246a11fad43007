/// Blobs read in any order: chunks, the ones used last kept, and ranges that are put together from
/// them.

#include <algorithm>
#include <cstring>
#include <deque>
#include <list>
#include <mutex>
#include <optional>

#include "content/chunk_decoder.hpp"
#include "strata/base/error.hpp"
#include "strata/base/io.hpp"
#include "strata/content/compression.hpp"

namespace strata {

namespace {

using Chunk = std::vector<char>;
using Handle = std::shared_ptr<const Chunk>;

/// What of a blob without chunk table is had at once.
constexpr std::uint64_t piece_size = ChunkTable::chunk_size_max;

/// Cuts a blob without chunk table into pieces of the same size, which can only be had in order.
class FrontToBack {
 public:
  FrontToBack(int fd, Codec codec) : fd_(fd), codec_(codec) {}

  /// Empty behind the end.
  Handle chunk(std::uint64_t index) {
    if (!decoder_ || index + recent_.size() < next_) restart();
    while (next_ <= index && (recent_.empty() || !recent_.back()->empty())) advance();
    if (index >= next_) return recent_.back();
    return recent_[recent_.size() - (next_ - index)];
  }

 private:
  void restart() {
    decoder_.reset();
    file_.emplace(fd_);
    decoder_ = make_decompressor(*file_, codec_);
    recent_.clear();
    next_ = 0;
  }

  void advance() {
    auto chunk = std::make_shared<Chunk>(piece_size);
    chunk->resize(read_full(*decoder_, *chunk));
    if (recent_.size() == BlobReader::kept_chunks) recent_.pop_front();
    recent_.push_back(std::move(chunk));
    ++next_;
  }

  int fd_;
  Codec codec_;
  std::optional<PreadSource> file_;
  std::unique_ptr<Source> decoder_;
  std::deque<Handle> recent_;  ///< the chunks right before next_
  std::uint64_t next_ = 0;
};

}  // namespace

/// The chunks of one blob, the ones used last kept.
class BlobReader::Chunks {
 public:
  Chunks(int fd, ChunkTable table, Codec codec)
      : fd_(fd), table_(std::move(table)), codec_(codec), front_to_back_(fd, codec) {}

  /// A place in the uncompressed bytes.
  struct Place {
    std::uint64_t index;   ///< of the chunk
    std::uint64_t within;  ///< in the chunk
  };
  Place find(std::uint64_t offset) const {
    if (table_.empty()) return {offset / piece_size, offset % piece_size};
    const std::size_t index = table_.find(offset);
    return {index, index < table_.starts.size() ? offset - table_.starts[index].plain : 0};
  }

  /// Empty behind the end.
  Handle chunk(std::uint64_t index) {
    const auto slot = slot_of(index);
    // Of several threads that want one chunk the first decodes it.
    const std::lock_guard lock(slot->mutex);
    if (!slot->chunk) slot->chunk = decode(index);
    return slot->chunk;
  }

 private:
  struct Slot {
    explicit Slot(std::uint64_t index_of_chunk) : index(index_of_chunk) {}
    std::uint64_t index;
    std::mutex mutex;
    Handle chunk;
  };

  std::shared_ptr<Slot> slot_of(std::uint64_t index) {
    const std::lock_guard lock(mutex_);
    auto place = std::find_if(slots_.begin(), slots_.end(),
                              [index](const auto& slot) { return slot->index == index; });
    if (place == slots_.end()) {
      if (slots_.size() == kept_chunks) slots_.pop_back();
      place = slots_.insert(slots_.begin(), std::make_shared<Slot>(index));
    }
    slots_.splice(slots_.begin(), slots_, place);
    return slots_.front();
  }

  Handle decode(std::uint64_t index) {
    if (codec_ == Codec::none) return std::make_shared<Chunk>(plain(index));
    if (!table_.empty()) return std::make_shared<Chunk>(decode_at(index));
    const std::lock_guard lock(front_to_back_mutex_);
    return front_to_back_.chunk(index);
  }

  Chunk plain(std::uint64_t index) const {
    Chunk chunk(piece_size);
    chunk.resize(pread_full(fd_, chunk, index * piece_size));
    return chunk;
  }

  Chunk decode_at(std::uint64_t index) const {
    if (index >= table_.starts.size()) return {};
    Chunk encoded(encoded_chunk_size(table_, index));
    encoded.resize(pread_full(fd_, encoded, table_.starts[index].encoded));
    Chunk chunk(decoded_chunk_size(table_, index));
    decode_chunk(encoded, codec_, chunk);
    return chunk;
  }

  int fd_;
  ChunkTable table_;
  Codec codec_;
  std::mutex mutex_;
  std::list<std::shared_ptr<Slot>> slots_;  ///< the one used last in front
  std::mutex front_to_back_mutex_;
  FrontToBack front_to_back_;
};

class BlobReader::RangeSource : public Source {
 public:
  RangeSource(std::shared_ptr<Chunks> chunks, std::uint64_t offset, std::uint64_t size)
      : chunks_(std::move(chunks)), offset_(offset), left_(size) {}

  std::size_t read(std::span<char> buffer) override {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left_));
    if (wanted == 0) return 0;
    const std::string_view available = rest_of_chunk();
    const std::size_t count = std::min(wanted, available.size());
    std::memcpy(buffer.data(), available.data(), count);
    offset_ += count;
    left_ -= count;
    return count;
  }

 private:
  std::string_view rest_of_chunk() {
    const auto [index, within] = chunks_->find(offset_);
    if (!chunk_ || index != index_) chunk_ = chunks_->chunk(index);
    index_ = index;
    if (within >= chunk_->size())
      fail(ErrorKind::corrupt, "a blob ends before the byte ", offset_, " of its content");
    return {chunk_->data() + within, chunk_->size() - within};
  }

  std::shared_ptr<Chunks> chunks_;
  Handle chunk_;
  std::uint64_t index_ = 0;
  std::uint64_t offset_;
  std::uint64_t left_;
};

BlobReader::BlobReader(int blob_fd, ChunkTable table, Codec codec)
    : chunks_(std::make_shared<Chunks>(blob_fd, std::move(table), codec)) {}

std::unique_ptr<Source> BlobReader::open(std::uint64_t offset, std::uint64_t size) const {
  return std::make_unique<RangeSource>(chunks_, offset, size);
}

std::unique_ptr<Source> open_range(int blob_fd, const ChunkTable& table, Codec codec,
                                   std::uint64_t offset, std::uint64_t size) {
  return BlobReader(blob_fd, table, codec).open(offset, size);
}

}  // namespace strata
