#include "content/chunk_reuse.hpp"

#include <algorithm>

#include "content/chunk_decoder.hpp"
#include "content/tar_headers.hpp"
#include "strata/base/error.hpp"

namespace strata {

namespace {

/// Whether what is written is what stands there, from the beginning on.
class ComparingSink : public Sink {
 public:
  explicit ComparingSink(std::span<const char> expected)
      : rest_(expected.data(), expected.size()) {}

  void write(std::string_view bytes) override {
    is_same_ = take(bytes.size()) == bytes && is_same_;
  }
  /// The next bytes, for somebody else to look at.
  std::string_view take(std::size_t size) {
    const std::string_view taken = rest_.substr(0, size);
    is_same_ = is_same_ && taken.size() == size;
    rest_.remove_prefix(taken.size());
    return taken;
  }
  bool is_same() const { return is_same_; }
  bool is_whole() const { return is_same_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool is_same_ = true;
};

/// What a hard link has in a tar depends on an entry that may be elsewhere.
bool can_be_taken(const Entry& entry) {
  return entry.type != EntryType::hard_link && (!entry.is_file() || entry.content);
}

}  // namespace

ChunkReuse::ChunkReuse(const EarlierLayer* earlier, const Compression& compression)
    : earlier_(earlier) {
  if (earlier == nullptr) return;
  const LayerTree& layer = *earlier->layer;
  const bool is_alike = compression == Compression{layer.codec, layer.level};
  if (!is_alike || layer.chunks.empty()) earlier_ = nullptr;
}

std::optional<std::size_t> ChunkReuse::find(std::span<const Entry> entries,
                                            const TarRun& run) const {
  if (earlier_ == nullptr || !std::ranges::all_of(entries, can_be_taken)) return std::nullopt;
  const auto file = std::ranges::find_if(entries, &Entry::is_file);
  if (file == entries.end()) return std::nullopt;

  // Where it lies is known of files only.
  const LayerTree& layer = *earlier_->layer;
  const Entry* same = layer.tree.find(file->path);
  if (same == nullptr || !same_entry(*same, *file, CompareTimes::yes)) return std::nullopt;
  const std::size_t chunk = layer.chunks.find(same->data_offset);
  const bool is_last = chunk + 1 >= layer.chunks.starts.size();  // which has only the trailer
  if (is_last ||
      same->data_offset - layer.chunks.starts[chunk].plain != file->data_offset - run.offset ||
      decoded_chunk_size(layer.chunks, chunk) != run.size)
    return std::nullopt;

  const auto before = layer.tree.entries();
  const auto first = static_cast<std::size_t>(same - before.data());
  const auto above = static_cast<std::size_t>(file - entries.begin());
  if (first < above || before.size() - (first - above) < entries.size()) return std::nullopt;
  const bool is_same = std::equal(
      entries.begin(), entries.end(), before.begin() + static_cast<std::ptrdiff_t>(first - above),
      [](const Entry& a, const Entry& b) { return same_entry(a, b, CompareTimes::yes); });
  return is_same ? std::optional(chunk) : std::nullopt;
}

bool ChunkReuse::read(std::size_t chunk, std::span<char> plain, std::vector<char>& encoded) const {
  const LayerTree& layer = *earlier_->layer;
  try {
    encoded.resize(encoded_chunk_size(layer.chunks, chunk));
    const std::uint64_t start = layer.chunks.starts[chunk].encoded;
    if (pread_full(earlier_->blob.get(), encoded, start) != encoded.size()) return false;
    decode_chunk(encoded, layer.codec, plain);
    return true;
  } catch (const Error&) {
    return false;  // a damaged blob is no reason not to make a sound one
  }
}

bool proves_to_hold(std::span<const char> tar, std::span<const Entry> entries) {
  ComparingSink rest(tar);
  for (const Entry& entry : entries) {
    write_tar_headers(entry, rest);
    if (!rest.is_same()) return false;
    if (!entry.is_file()) continue;
    if (ContentDigest(Digest::of(rest.take(entry.size))) != *entry.content) return false;
    rest.write(tar_zeros.substr(0, tar_padding(entry.size)));
  }
  return rest.is_whole();
}

}  // namespace strata
