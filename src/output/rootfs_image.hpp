#pragma once
/// An image's layers laid over each other, with the bytes of their files.

#include <memory>
#include <vector>

#include "strata/base/io.hpp"
#include "strata/content/rootfs_view.hpp"
#include "strata/oci/image.hpp"
#include "strata/store/store.hpp"

namespace strata::output {

class RootfsImage {
 public:
  /// `store` is borrowed.
  RootfsImage(store::Store& store, const oci::Image& image);

  /// Without whiteouts; of the names of one file the first is the file.
  const Tree& tree() const { return tree_; }
  /// The bytes of a regular file of the tree.
  std::unique_ptr<Source> open(const Entry& file) const;

 private:
  store::Store& store_;
  std::vector<oci::Layer> layers_;
  RootfsView view_;
  Tree tree_;
};

}  // namespace strata::output
