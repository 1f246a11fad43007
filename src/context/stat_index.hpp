#pragma once
/// The memory of a build context between builds: for each regular file, under the stamp it had, its
/// content digest and its file capability, so that neither is read again while the stamp stays.
///
/// Bytes of the file, numbers with the least significant byte first: "strata index 1\n", 32 bytes
/// of SHA-256 over all that follows, the number of rows (8), and for each row: length of the path
/// (4), path, device, inode, size, modified, changed (8 each), mode (4), length of the capability
/// (4), capability, 1 and the digest (32) or 0. Rows come in any order.
///
/// Only rows of settled files are kept (file_stamp.hpp): git's rule for racy entries, applied when
/// a row is written. A damaged or foreign file is an empty index.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "context/file_stamp.hpp"
#include "strata/content/digest.hpp"

namespace strata::context {

struct IndexRow {
  FileStamp stamp;
  std::string_view capability;  ///< of the file; empty if it has none
  std::optional<ContentDigest> content;
  std::uint32_t place = 0;  ///< of a row that was found: what `row_at` takes; never 0
};

/// Rows by path, left as the file has them: a million cost no more than it and 16 MiB. Reading is
/// thread-safe.
class StatIndex {
 public:
  StatIndex() = default;
  StatIndex(StatIndex&&) = default;
  /// Leaves what was here to the other: a text that is assigned an empty one keeps its room.
  StatIndex& operator=(StatIndex&& other) noexcept {
    bytes_.swap(other.bytes_);
    slots_.swap(other.slots_);
    std::swap(size_, other.size_);
    return *this;
  }

  /// Reads the file `name`; whatever keeps it from being read gives an empty index.
  static StatIndex load(int directory_fd, const std::string& name);

  /// The row of a path, if the file still has the stamp it had. Its capability is the index's.
  std::optional<IndexRow> find(std::string_view path, const FileStamp& stamp) const;
  /// The row that `find` has found. Its capability is the index's.
  IndexRow row_at(std::uint32_t place) const;
  std::size_t size() const { return size_; }

 private:
  /// A place of a hash table with open addressing.
  struct Slot {
    std::uint32_t start = 0;  ///< where in `bytes_` a row begins; 0 if the place is free
    std::uint32_t hash = 0;
  };

  bool decode();
  void put(std::string_view path, std::size_t start);

  std::string bytes_;
  std::vector<Slot> slots_;  ///< as many as a power of two, at least half of them free
  std::size_t size_ = 0;
};

/// Collects rows and writes them as an index file.
class IndexWriter {
 public:
  /// Makes room for rows with paths of this total length, to be taken at once.
  void reserve(std::size_t rows, std::size_t path_bytes);
  void add(std::string_view path, const IndexRow& row);
  /// Replaces the file `name` in one step.
  void save(int directory_fd, const std::string& name) const;

 private:
  std::string rows_;
  std::uint64_t count_ = 0;
};

}  // namespace strata::context
