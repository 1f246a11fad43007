#pragma once
/// Where the entries of a layer come to lie in its tar, and where that is cut into chunks.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "strata/content/entry.hpp"

namespace strata {

/// Entries that lie side by side and begin a chunk. They are one chunk; only an entry that is too
/// large for one is a run by itself and several.
struct TarRun {
  std::size_t first;  ///< of the entries
  std::size_t count;
  std::uint64_t offset;  ///< in the tar
  std::uint64_t size;    ///< of headers, bytes and padding
};

/// Sets where each file's bytes will begin, and cuts. Where a run ends is decided by the names and
/// sizes of entries near by alone: wherever entries are the same as in another layer, most runs are
/// the same too, even if all that lies before has moved. ARCHITECTURE has the rule.
std::vector<TarRun> lay_out(std::span<Entry> entries);

/// The file that a hard link is a name of; it must be among the entries, which are sorted.
const Entry& file_of_link(std::span<const Entry> entries, const Entry& link);

}  // namespace strata
