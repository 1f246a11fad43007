#include "content/read_ahead.hpp"

#include "strata/base/error.hpp"
#include "strata/content/file_memory.hpp"

namespace strata {

namespace {

constexpr std::size_t batch_files_max = 64;
constexpr std::uint64_t batch_size_max = 512 << 10;

}  // namespace

/// A run of small files, read by one thread.
class ReadAhead::Batch {
 public:
  explicit Batch(const LayerContents& contents) : contents_(contents) {}

  void clear() {
    entries_.clear();
    files_.clear();
    bytes_wanted_ = filled_ = taken_ = 0;
  }
  bool has_room() const {
    return entries_.size() < batch_files_max && bytes_wanted_ < batch_size_max;
  }
  bool empty() const { return entries_.empty(); }
  void add(const Entry& entry) {
    entries_.push_back(&entry);
    bytes_wanted_ += entry.size;
  }

  void run() {
    // Room for one byte more, which a file that has grown would give.
    bytes_.resize(std::max<std::size_t>(bytes_.size(), bytes_wanted_ + 1));
    for (const Entry* entry : entries_) {
      const auto bytes = contents_.in_memory(*entry);
      files_.push_back(bytes ? File{*bytes, entry->content.value()} : read(*entry));
    }
  }

  bool is_used_up() const { return taken_ == files_.size(); }
  File take() { return files_[taken_++]; }

 private:
  /// A file may have grown since its entry was made; one byte more tells. Where the digest is known
  /// that tells, and the end need not be asked for.
  static std::size_t beyond(const Entry& entry) { return entry.content ? 0 : 1; }

  File read(const Entry& entry) {
    const OpenFile file = contents_.open(entry);
    const std::span<char> room = std::span(bytes_).subspan(filled_, entry.size + beyond(entry));
    std::size_t size = 0;
    std::size_t count = 0;
    do {
      count = file.bytes->read(room.subspan(size));
      size += count;
    } while (count > 0 && size < room.size());
    if (size != entry.size) fail_changed(entry);
    filled_ += size;
    const std::string_view bytes(room.data(), size);
    return {bytes,
            file.is_verified && entry.content ? *entry.content : ContentDigest(Digest::of(bytes))};
  }

  const LayerContents& contents_;
  std::vector<const Entry*> entries_;
  std::uint64_t bytes_wanted_ = 0;
  std::vector<char> bytes_;
  std::size_t filled_ = 0;
  std::vector<File> files_;
  std::size_t taken_ = 0;
};

ReadAhead::ReadAhead(std::span<const Entry> entries, const LayerContents& contents,
                     WorkerPool& pool)
    : contents_(contents), rest_(entries), jobs_(pool, 2 * pool.size() + 1) {}

ReadAhead::~ReadAhead() = default;

bool ReadAhead::is_small(const Entry& entry) {
  return entry.is_file() && entry.size <= FileMemory::file_size_max;
}

ReadAhead::File ReadAhead::next() {
  if (!current_ || current_->is_used_up()) {
    if (current_) spare_.push_back(std::move(current_));
    fill();
    current_ = jobs_.take();
  }
  return current_->take();
}

void ReadAhead::fill() {
  while (!jobs_.is_full() && !rest_.empty()) {
    auto batch = take_spare();
    for (; !rest_.empty() && batch->has_room(); rest_ = rest_.subspan(1))
      if (is_small(rest_.front())) batch->add(rest_.front());
    if (!batch->empty()) jobs_.put(std::move(batch));
  }
}

std::unique_ptr<ReadAhead::Batch> ReadAhead::take_spare() {
  if (spare_.empty()) return std::make_unique<Batch>(contents_);
  auto batch = std::move(spare_.back());
  spare_.pop_back();
  batch->clear();
  return batch;
}

void fail_changed(const Entry& entry) {
  fail(ErrorKind::system, quoted(entry.path),
       " changed while it was read; it was expected to have ", entry.size, " bytes");
}

}  // namespace strata
