#include "input/layout_files.hpp"

#include "strata/base/error.hpp"

namespace strata::input {

namespace {

std::string blob_path(const Digest& digest) { return "blobs/sha256/" + digest.hex(); }

}  // namespace

DirectoryLayout::DirectoryLayout(store::Store& store, const std::string& host_path)
    : store_(store), what_("OCI layout " + quoted(host_path)), root_(Root::open(host_path)) {}

std::optional<std::string> DirectoryLayout::find_document(const std::string& name,
                                                          std::size_t size_max) const {
  const auto file = root_.find_file(name, O_RDONLY | O_NONBLOCK);
  if (!file) return std::nullopt;
  return read_all(file->get(), size_max, what_ + ": " + quoted(name));
}

void DirectoryLayout::fetch(const oci::Descriptor& blob) const {
  store_.lease().hold(blob.digest);
  if (store_.blobs().find_size(blob.digest) == blob.size) return;
  const auto file = root_.find_file(blob_path(blob.digest), O_RDONLY | O_NONBLOCK);
  if (!file || !S_ISREG(stat_of(file->get()).st_mode)) {
    fail(ErrorKind::corrupt, what_, " lacks the blob ", to_string(blob.digest));
  }
  store::NewBlob copy = store_.blobs().create();
  FdSource whole(file->get());
  LimitedSource bytes(whole, blob.size + 1);  // one more shows that it is too long
  copy_all(bytes, copy);
  copy.commit_expecting(blob.digest);
}

ArchiveLayout::ArchiveLayout(store::Store& store, const ArchiveFiles& files)
    : store_(store), files_(files) {}

void ArchiveLayout::fetch(const oci::Descriptor& blob) const {
  store_.lease().hold(blob.digest);
  if (store_.blobs().find_size(blob.digest) == blob.size) return;
  fail(ErrorKind::corrupt, what(), " lacks the blob ", to_string(blob.digest));
}

}  // namespace strata::input
