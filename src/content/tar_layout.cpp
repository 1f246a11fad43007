#include "content/tar_layout.hpp"

#include <zlib.h>

#include <algorithm>

#include "content/tar_headers.hpp"
#include "strata/base/path.hpp"
#include "strata/content/compression.hpp"
#include "strata/content/tar.hpp"

namespace strata {

namespace {

constexpr std::uint64_t run_size_max = ChunkTable::chunk_size_max;
/// Shorter runs would be compressed worse.
constexpr std::uint64_t run_size_min = run_size_max / 2;
/// Landmarks have so many bytes between them, on average.
constexpr int landmark_distance_bits = 18;

std::uint64_t headers_size(std::span<const Entry> entries, const Entry& entry) {
  const bool is_link = entry.type == EntryType::hard_link;
  return tar_headers_size(is_link ? hard_link_in_tar(entry, file_of_link(entries, entry)) : entry);
}

/// Whether a run that is long enough ends before the entry. Its name decides, with a chance that
/// grows with its size: so neither many small files nor few large ones lie without a landmark.
bool is_landmark(const Entry& entry, std::uint64_t size) {
  constexpr int crc_bits = 32;
  const auto* name = reinterpret_cast<const unsigned char*>(entry.path.data());
  const auto sum = crc32_z(0, name, entry.path.size());
  return (sum >> (crc_bits - landmark_distance_bits)) < size;
}

bool ends_before(const TarRun& run, const Entry& entry, std::uint64_t size) {
  if (run.count == 0) return false;
  if (run.size + size > run_size_max) return true;
  return run.size >= run_size_min && is_landmark(entry, size);
}

}  // namespace

std::vector<TarRun> lay_out(std::span<Entry> entries) {
  std::vector<TarRun> runs;
  TarRun run{};
  for (Entry& entry : entries) {
    const std::uint64_t headers = headers_size(entries, entry);
    const std::uint64_t bytes = entry.is_file() ? entry.size + tar_padding(entry.size) : 0;
    const std::uint64_t size = headers + bytes;
    if (ends_before(run, entry, size)) {
      runs.push_back(run);
      run = {run.first + run.count, 0, run.offset + run.size, 0};
    }
    entry.data_offset = entry.is_file() ? run.offset + run.size + headers : 0;
    ++run.count;
    run.size += size;
  }
  if (run.count > 0) runs.push_back(run);
  return runs;
}

const Entry& file_of_link(std::span<const Entry> entries, const Entry& link) {
  return *std::partition_point(entries.begin(), entries.end(), [&](const Entry& entry) {
    return compare_paths(entry.path, link.rare->link) < 0;
  });
}

}  // namespace strata
