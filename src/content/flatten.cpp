/// Several layers made into one tree.

#include "content/link_groups.hpp"
#include "strata/content/rootfs_view.hpp"

namespace strata {

Tree RootfsView::flatten() const {
  std::vector<Found> visible;
  if (const auto root = find("")) visible.push_back(*root);
  walk("", [&](const Found& found) { visible.push_back(found); });
  return Tree(in_link_order(*this, visible));
}

Tree apply_layer(const Tree& lower, const Tree& upper) {
  return RootfsView({borrow(lower), borrow(upper)}).flatten();
}

}  // namespace strata
