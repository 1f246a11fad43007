#pragma once
/// The names of one file within one tree, put in order: the first is the file, the others are hard
/// links to it.

#include <memory>
#include <vector>

#include "strata/content/rootfs_view.hpp"

namespace strata {

/// A pointer to a tree that lives longer than whoever is given it.
inline std::shared_ptr<const Tree> borrow(const Tree& tree) {
  return {std::shared_ptr<const Tree>(), &tree};
}

/// The entries, which are given in tree order, put in link order. Throws Error corrupt if a hard
/// link leads nowhere.
std::vector<Entry> in_link_order(const RootfsView& view,
                                 const std::vector<RootfsView::Found>& entries);

/// The same for all entries of one tree, its removals too.
std::vector<Entry> in_link_order(Tree tree);

}  // namespace strata
