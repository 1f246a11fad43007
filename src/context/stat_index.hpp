#pragma once
/// The memory of a build context between builds: for each regular file, under the stamp it had, its
/// content digest and its file capability, so that neither is read again while the stamp stays.
///
/// Bytes of the file, numbers with the least significant byte first: "strata index 2\n", 32 bytes
/// of SHA-256 over all that follows, the number of rows (8), and runs of rows of one directory
/// each. A run is: length of the directory's path (4), the path, length of the rows (4), the rows.
/// A row is: length of the name (4), name, device, inode, size, modified, changed (8 each), mode
/// (4), length of the capability (4), capability, 1 and the digest (32) or 0. A directory may have
/// several runs; over all of them its rows come in the order of their names.
///
/// Only rows of settled files are kept (file_stamp.hpp): git's rule for racy entries, applied when
/// a row is written. A damaged or foreign file is an empty index.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
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

/// Rows by path, left as the file has them: nothing is made of each when it is loaded. Reading is
/// thread-safe.
class StatIndex {
 public:
  class Rows;

  StatIndex() = default;
  StatIndex(StatIndex&&) = default;
  /// Leaves what was here to the other: a text that is assigned an empty one keeps its room.
  StatIndex& operator=(StatIndex&& other) noexcept {
    bytes_.swap(other.bytes_);
    runs_.swap(other.runs_);
    directories_.swap(other.directories_);
    std::swap(size_, other.size_);
    return *this;
  }

  /// Reads the file `name`; whatever keeps it from being read gives an empty index.
  static StatIndex load(int directory_fd, const std::string& name);

  /// The rows of a directory's files.
  Rows rows_in(std::string_view directory) const;
  /// The row that was found at this place. Its capability is the index's.
  IndexRow row_at(std::uint32_t place) const;
  std::size_t size() const { return size_; }

 private:
  static constexpr std::uint32_t no_run = std::numeric_limits<std::uint32_t>::max();

  struct Run {
    std::string_view rows;
    std::uint32_t next;  ///< of the same directory
  };
  struct Ends {
    std::uint32_t first;
    std::uint32_t last;
  };

  bool decode();
  void add_run(std::string_view directory, std::string_view rows);

  std::string bytes_;
  std::vector<Run> runs_;
  std::unordered_map<std::string_view, Ends> directories_;  ///< paths lie in `bytes_`
  std::size_t size_ = 0;
};

/// The rows of one directory, asked for in the order of names: what lies before a name is passed
/// over for good. Borrows the index.
class StatIndex::Rows {
 public:
  /// The row of a name, if the file still has the stamp it had. Its capability is the index's.
  std::optional<IndexRow> find(std::string_view name, const FileStamp& stamp);

 private:
  friend class StatIndex;
  Rows(const StatIndex& index, std::uint32_t run) : index_(index), next_run_(run) {}

  const StatIndex& index_;
  std::string_view rest_;  ///< of the run at work
  std::uint32_t next_run_;
};

/// Collects rows and writes them as an index file.
class IndexWriter {
 public:
  /// Makes room for rows with paths of this total length, to be taken at once.
  void reserve(std::size_t rows, std::size_t path_bytes);
  /// Paths come as in a tree: sorted.
  void add(std::string_view path, const IndexRow& row);
  /// Replaces the file `name` in one step.
  void save(int directory_fd, const std::string& name);

 private:
  void begin_run(std::string_view directory);
  void end_run();

  std::string runs_;
  std::string directory_;    ///< whose run is at work
  std::size_t rows_at_ = 0;  ///< where the rows of the run at work begin; 0 if there is none
  std::uint64_t count_ = 0;
};

}  // namespace strata::context
