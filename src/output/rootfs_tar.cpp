// The flattened root file system as one tar.

#include "output/rootfs_image.hpp"
#include "strata/base/error.hpp"
#include "strata/content/tar.hpp"
#include "strata/output/rootfs.hpp"

namespace strata::output {

namespace {

/// The header of a hard link carries the attributes of its file: some readers set them again.
Entry with_attributes_of_file(const Entry& link, const Tree& tree) {
  const Entry* file = tree.find(link.rare->link);
  if (!file) fail(ErrorKind::corrupt, quoted(link.path), " is a hard link to nothing");
  Entry whole = *file;
  whole.path = link.path;
  whole.type = link.type;
  whole.rare.edit().link = link.rare->link;
  return whole;
}

}  // namespace

void write_rootfs_tar(store::Store& store, const oci::Image& image, Sink& out) {
  const RootfsImage rootfs(store, image);
  TarWriter tar(out);
  for (const Entry& entry : rootfs.tree().entries()) {
    if (entry.is_file()) {
      tar.add(entry, rootfs.open(entry).get());
    } else if (entry.type == EntryType::hard_link) {
      tar.add(with_attributes_of_file(entry, rootfs.tree()), nullptr);
    } else {
      tar.add(entry, nullptr);
    }
  }
  tar.finish();
}

}  // namespace strata::output
