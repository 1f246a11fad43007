#pragma once
/// One look at a directory and all below it, by descriptors relative to descriptors.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "context/file_stamp.hpp"
#include "context/stat_index.hpp"
#include "strata/base/root.hpp"
#include "strata/base/worker_pool.hpp"
#include "strata/content/entry.hpp"
#include "strata/dockerfile/ignore.hpp"

namespace strata::context {

/// What is known of each of many files beside its entry. Nearly all that an index knows everything
/// of take four bytes.
class WalkedFacts {
 public:
  struct Seen {
    FileStamp stamp;
    bool remembered;  ///< the index has it, but not its digest
  };

  /// Room for so many files, and so many of them seen.
  void reserve(std::size_t files, std::size_t seen) {
    places_.reserve(files);
    seen_.reserve(seen);
  }
  /// Of the next file: its row in the index.
  void add_row(std::uint32_t row) { places_.push_back(row); }
  /// Of the next file, of which the index does not know everything.
  void add_seen(const Seen& seen);
  /// Forgets some files, given in order.
  void erase(const std::vector<std::size_t>& files);

  /// The file's row in the index; 0 if it has none with a digest.
  std::uint32_t row(std::size_t file) const;
  /// Of files without a row: which of them it is, from 0 on.
  std::size_t seen_number(std::size_t file) const { return places_[file] & ~seen_bit; }
  const Seen& seen(std::size_t file) const { return seen_[seen_number(file)]; }
  std::size_t seen_count() const { return seen_.size(); }

 private:
  /// No place in an index is as large.
  static constexpr std::uint32_t seen_bit = 1u << 31;

  std::vector<std::uint32_t> places_;
  std::vector<Seen> seen_;
};

/// Entries and, at the same places, facts: apart, so that a tree takes the entries as they are.
struct Walked {
  std::vector<Entry> entries;
  WalkedFacts facts;
};

/// Everything that the rules do not exclude, sorted, with owners 0:0. An excluded directory is
/// there if something below it is included. Links are never followed; sockets are left out. The
/// second and further names of a file are hard links to its first. Files found in `index` have
/// their content digest, if it knows it. A directory that may not be read is Error denied.
Walked walk(const Root& root, const dockerfile::IgnoreRules& rules, const StatIndex& index,
            WorkerPool& pool);

}  // namespace strata::context
