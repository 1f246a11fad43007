// The flattened root file system as one tar.

#include "output/rootfs_image.hpp"
#include "strata/base/error.hpp"
#include "strata/content/tar.hpp"
#include "strata/output/rootfs.hpp"

namespace strata::output {

namespace {

const Entry& file_of_link(const Entry& link, const Tree& tree) {
  const Entry* file = tree.find(link.rare->link);
  if (!file) fail(ErrorKind::corrupt, quoted(link.path), " is a hard link to nothing");
  return *file;
}

}  // namespace

void write_rootfs_tar(store::Store& store, const oci::Image& image, Sink& out) {
  const RootfsImage rootfs(store, image);
  TarWriter tar(out);
  for (const Entry& entry : rootfs.tree().entries()) {
    if (entry.is_file()) {
      tar.add(entry, rootfs.open(entry).get());
    } else if (entry.type == EntryType::hard_link) {
      tar.add(hard_link_in_tar(entry, file_of_link(entry, rootfs.tree())), nullptr);
    } else {
      tar.add(entry, nullptr);
    }
  }
  tar.finish();
}

}  // namespace strata::output
