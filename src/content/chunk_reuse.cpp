#include "content/chunk_reuse.hpp"

#include <algorithm>

#include "content/chunk_decoder.hpp"
#include "strata/base/error.hpp"

namespace strata {

namespace {

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
  if (!is_alike || layer.chunks.seals.empty()) earlier_ = nullptr;
}

Beginning ChunkReuse::find_beginning(std::span<const Entry> entries, std::span<const TarRun> runs,
                                     WorkerPool& pool) const {
  if (earlier_ == nullptr) return {};
  std::vector<std::size_t> ends;  // of the runs, in chunks
  for (const TarRun& run : runs) {
    const std::size_t next = ends.empty() ? 0 : ends.back();
    const auto chunks = count_chunks(entries.subspan(run.first, run.count), run, next);
    if (!chunks) break;
    ends.push_back(next + *chunks);
  }
  std::vector<char> sound(ends.empty() ? 0 : ends.back());
  pool.for_each_index(sound.size(), [&](std::size_t i) { sound[i] = is_sound(i) ? 1 : 0; });
  const auto good = static_cast<std::size_t>(std::ranges::find(sound, 0) - sound.begin());
  while (!ends.empty() && ends.back() > good) ends.pop_back();
  if (ends.empty()) return {};

  const ChunkTable& table = earlier_->layer->chunks;
  const std::size_t count = ends.back();
  ChunkTable same;
  same.starts.assign(table.starts.begin(),
                     table.starts.begin() + static_cast<std::ptrdiff_t>(count));
  same.seals.assign(table.seals.begin(), table.seals.begin() + static_cast<std::ptrdiff_t>(count));
  same.uncompressed_size = table.starts[count].plain;
  return {ends.size(), std::move(same), table.starts[count].encoded,
          table.seals[count].plain_before};
}

/// How many chunks a run is that lies in both tars at the same place, from the chunk `next` on.
std::optional<std::size_t> ChunkReuse::count_chunks(std::span<const Entry> entries,
                                                    const TarRun& run, std::size_t next) const {
  const ChunkTable& table = earlier_->layer->chunks;
  if (run.size <= ChunkTable::chunk_size_max) {
    const auto chunk = find(entries, run);
    const bool is_there = chunk == next && table.starts[next].plain == run.offset;
    return is_there ? std::optional<std::size_t>(1) : std::nullopt;
  }
  const Entry& large = entries.front();
  const Entry* same = earlier_->layer->tree.find(large.path);
  const std::size_t count =
      (run.size + ChunkTable::chunk_size_max - 1) / ChunkTable::chunk_size_max;
  const bool is_same = large.is_file() && large.content && same != nullptr &&
                       same_entry(*same, large, CompareTimes::yes) &&
                       same->data_offset == large.data_offset;
  const bool is_there = next + count < table.starts.size() &&
                        table.starts[next].plain == run.offset &&
                        table.starts[next + count].plain == run.offset + run.size;
  return is_same && is_there ? std::optional(count) : std::nullopt;
}

bool ChunkReuse::is_sound(std::size_t chunk) const {
  std::vector<char> encoded;
  return read(chunk, encoded).has_value();
}

Hasher ChunkReuse::copy(const Beginning& beginning, Sink& out) const {
  if (beginning.size == 0) return Hasher();
  PreadSource blob(earlier_->blob.get());
  LimitedSource bytes(blob, beginning.size);
  copy_all(bytes, out);
  const HashState& state = earlier_->layer->chunks.seals[beginning.chunks.seals.size()].before;
  Hasher hasher(state);
  std::vector<char> rest(beginning.size - state.size);
  rest.resize(pread_full(earlier_->blob.get(), rest, state.size));
  hasher.write({rest.data(), rest.size()});
  return hasher;
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

std::optional<std::uint32_t> ChunkReuse::read(std::size_t chunk, std::vector<char>& encoded) const
    try {
  const ChunkTable& table = earlier_->layer->chunks;
  const ChunkSeal& seal = table.seals[chunk];
  const std::uint64_t start = table.starts[chunk].encoded;
  const std::size_t before = start % HashState::block_size;  // bytes of the last chunk
  encoded.resize(before + encoded_chunk_size(table, chunk));
  if (pread_full(earlier_->blob.get(), encoded, start - before) != encoded.size())
    return std::nullopt;
  Hasher hasher(seal.before);
  hasher.write({encoded.data(), encoded.size()});
  if (hasher.finish() != seal.after) return std::nullopt;
  encoded.erase(encoded.begin(), encoded.begin() + static_cast<std::ptrdiff_t>(before));
  return seal.crc32;
} catch (const Error&) {
  return std::nullopt;  // what is wrong with one layer is no reason not to make another
}

// Measured: a file costs 4.5 us to open and close, its bytes 0.75 ns each to read and hash; a chunk
// takes 6.4 ns for each of its bytes to decode and 0.4 ns for each that comes out. By what it is
// decided does not matter to the bytes.
bool ChunkReuse::should_decode(std::size_t encoded_size, std::size_t size, std::size_t files) {
  constexpr double open_file = 4500;
  constexpr double read_byte = 0.75;
  constexpr double decode_byte = 6.4;
  constexpr double put_byte = 0.4;
  return decode_byte * static_cast<double>(encoded_size) + put_byte * static_cast<double>(size) <
         open_file * static_cast<double>(files) + read_byte * static_cast<double>(size);
}

bool ChunkReuse::decode(std::span<const char> encoded, std::span<char> plain) const {
  try {
    decode_chunk(encoded, earlier_->layer->codec, plain);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace strata
