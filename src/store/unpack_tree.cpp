#include "store/unpack_tree.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "strata/store/unpacker.hpp"

namespace strata::store {

namespace {

// Small enough to share out among threads, large enough for neighbours to lie in one chunk.
constexpr std::size_t part_entries_max = 128;
constexpr std::uint64_t part_bytes_max = ChunkTable::chunk_size_max;

using Part = std::span<const Entry>;

std::uint64_t bytes_of(const Entry& entry) { return entry.is_file() ? entry.size : 0; }

bool is_frame(const Entry& entry) {
  return entry.is_directory() || entry.type == EntryType::opaque;
}

/// Runs of entries that lie side by side.
std::vector<Part> cut(Part entries) {
  std::vector<Part> parts;
  while (!entries.empty()) {
    std::size_t count = 0;
    std::uint64_t bytes = 0;
    while (count < entries.size() && count < part_entries_max && bytes < part_bytes_max)
      bytes += bytes_of(entries[count++]);
    parts.push_back(entries.first(count));
    entries = entries.subspan(count);
  }
  return parts;
}

/// Directories, in which all others can then be made in any order.
void make_frame(Unpacker& unpacker, Part entries) {
  for (const Entry& entry : entries)
    if (is_frame(entry))
      unpacker.apply(entry, nullptr);
    else
      unpacker.make_parents(entry.path);
}

void fill(Unpacker unpacker, Part part, const LayerFiles& files) {
  for (const Entry& entry : part) {
    if (is_frame(entry) || entry.type == EntryType::hard_link) continue;
    const auto bytes = entry.is_file() ? files.open(entry) : nullptr;
    unpacker.apply(entry, bytes.get());
  }
}

}  // namespace

bool can_unpack_side_by_side(const LayerTree& layer) {
  if (layer.chunks.empty() && layer.codec != Codec::none) return false;
  std::uint64_t total = 0;
  std::uint64_t largest = 0;
  for (const Entry& entry : layer.tree.entries()) {
    if (entry.is_file() && !entry.content) return false;
    total += bytes_of(entry);
    largest = std::max(largest, bytes_of(entry));
  }
  return largest <= std::max(total / 2, part_bytes_max);
}

void unpack_tree(const LayerTree& layer, int blob_fd, const Root& target, WorkerPool& pool) {
  const Part entries = layer.tree.entries();
  const LayerFiles files(blob_fd, layer);
  Unpacker unpacker(target);
  make_frame(unpacker, entries);
  const auto parts = cut(entries);
  pool.for_each_index(parts.size(),
                      [&](std::size_t i) { fill(unpacker.beside(), parts[i], files); });
  for (const Entry& entry : entries)
    if (entry.type == EntryType::hard_link) unpacker.apply(entry, nullptr);
  unpacker.finish();
}

}  // namespace strata::store
