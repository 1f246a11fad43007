#include "output/rootfs_image.hpp"

namespace strata::output {

RootfsImage::RootfsImage(store::Store& store, const oci::Image& image)
    : store_(store),
      layers_(image.layers()),
      view_(store.layers().view(layers_)),
      tree_(view_.flatten()) {}

std::unique_ptr<Source> RootfsImage::open(const Entry& file) const {
  // In its own layer the file may be a link to another name of it.
  const RootfsView::Found found = view_.file_of(view_.find(file.path).value());
  return store_.layers().open_file(layers_[found.layer], *found.entry);
}

}  // namespace strata::output
