#pragma once
/// A root file system read from a tar archive: its entries as a tree, and the bytes of its files in
/// one work file, so that they can be had in the tree's order, which need not be the archive's.

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "strata/base/file.hpp"
#include "strata/base/path.hpp"
#include "strata/base/time.hpp"
#include "strata/content/compression.hpp"
#include "strata/content/tree.hpp"
#include "strata/store/store.hpp"

namespace strata::input {

class RootfsFiles {
 public:
  /// Reads `tar` to its end. An entry that comes twice is what it was last. Later times than
  /// `latest_mtime` become that time.
  RootfsFiles(store::Store& store, Source& tar, const std::string& what,
              const std::optional<Time>& latest_mtime);

  const Tree& tree() const { return tree_; }
  /// The bytes of a regular file, or of any name of one. Safe to call from several threads; the
  /// source borrows this object.
  std::unique_ptr<Source> open(const Entry& entry) const;

 private:
  store::WorkDirectory work_;
  NewFile bytes_;
  BlobReader reader_;  ///< of bytes_: neighbouring small files share a read
  std::map<std::string, std::uint64_t>
      offsets_;  ///< in the work file, of every name of a regular file
  Tree tree_;
};

}  // namespace strata::input
