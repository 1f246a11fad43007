#pragma once
/// Tree: the sorted list of a layer's entries. Order is base/path.hpp's, parents first, so that a
/// directory's content is one run; an opaque mark stands right after its directory.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "strata/content/entry.hpp"

namespace strata {

/// An immutable sorted list of entries with no path twice (but for a directory and its opaque
/// mark).
class Tree {
 public:
  Tree() = default;
  /// Sorts. Throws Error corrupt if two entries have one path, or if something lies below an entry
  /// that can hold nothing (a link, a file). Below a whiteout may stand what came after it.
  explicit Tree(std::vector<Entry> entries);

  std::span<const Entry> entries() const { return entries_; }
  /// The entries, of which the tree is left empty.
  std::vector<Entry> take_entries() && { return std::move(entries_); }
  bool empty() const { return entries_.empty(); }

  /// The entry with exactly this path: the directory, not its opaque mark. Null if none.
  const Entry* find(std::string_view path) const;
  bool has_opaque(std::string_view path) const;
  /// All entries strictly below `path`.
  std::span<const Entry> below(std::string_view path) const;

  /// Sum of the sizes of regular files.
  std::uint64_t file_bytes() const;

 private:
  std::vector<Entry> entries_;
};

/// The tree as Strata stores it under trees/<diffid>; the format is in ARCHITECTURE.
std::string encode_tree(const Tree& tree);
/// Throws Error corrupt.
Tree decode_tree(std::string_view bytes);

/// SHA-256 over all that `same_entry` compares: two trees have one digest exactly if their entries
/// are pairwise the same. Regular files must know their content.
Digest tree_digest(const Tree& tree, CompareTimes times);

/// The tree that results from laying `upper`, with its whiteouts, over `lower`: what
/// RootfsView::flatten (rootfs_view.hpp) gives for the two, with its order of hard links. Throws
/// Error corrupt if a hard link leads nowhere.
Tree apply_layer(const Tree& lower, const Tree& upper);

/// The layer that makes `after` out of `before` when applied; both are free of whiteouts.
/// apply_layer(before, diff_trees(before, after)) equals `after`, provided that in `after` the
/// first name of each file is the file and the others are its hard links, as in what apply_layer
/// and flatten give. If one name of a file is in the layer all its names are, so that the group can
/// be unpacked alone; the directories above what changed are in it too.
Tree diff_trees(const Tree& before, const Tree& after);

}  // namespace strata
