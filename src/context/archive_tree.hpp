#pragma once
/// What stands on the disk after an archive has been unpacked, as data: later entries replace
/// earlier ones of the same path, and hard links keep the file they were made from.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "strata/base/path.hpp"
#include "strata/content/entry.hpp"

namespace strata::context {

/// An entry, and for a regular file where its bytes begin in the spool.
struct ArchivedFile {
  Entry entry;
  std::uint64_t offset = 0;
};

class ArchiveTree {
 public:
  /// `what` names the archive in errors.
  explicit ArchiveTree(std::string what) : what_(std::move(what)) {}

  /// Takes the next entry. A parent that the archive made a symbolic link is followed inside the
  /// archive's root; one that is a file, and a hard link to nothing, are Error corrupt.
  void add(ArchivedFile file);

  /// All that is there in the end, sorted; the first path of each file has the bytes, all others
  /// are hard links to it. The tree is empty afterwards.
  std::vector<ArchivedFile> take();

 private:
  using Inode = std::size_t;
  /// A name. Those of one file share its inode.
  struct Node {
    Entry entry;
    std::optional<Inode> inode;  ///< of regular files
  };

  std::string resolve_parent(const std::string& path) const;
  void link(const Entry& entry, const std::string& path);
  void put(const std::string& path, Node node);
  void remove(const std::string& path);

  std::string what_;
  std::map<std::string, Node, PathLess> nodes_;
  std::vector<ArchivedFile> inodes_;
};

}  // namespace strata::context
