/// Single files out of a layer's blob, verified as they are read.

#include "strata/base/error.hpp"
#include "strata/content/hashing.hpp"
#include "strata/content/layer_blob.hpp"

namespace strata {

namespace {

/// A file's bytes, checked against its digest when the last of them has been read.
class VerifiedSource : public Source {
 public:
  VerifiedSource(std::unique_ptr<Source> bytes, const Entry& entry)
      : bytes_(std::move(bytes)),
        hashed_(*bytes_),
        path_(entry.path),
        size_(entry.size),
        content_(*entry.content) {}

  std::size_t read(std::span<char> buffer) override {
    if (is_verified_) return 0;
    const std::size_t count = hashed_.read(buffer);
    if (hashed_.size() >= size_) verify();
    return count;
  }

 private:
  void verify() {
    is_verified_ = true;
    if (ContentDigest(hashed_.finish()) != content_)
      fail(ErrorKind::corrupt, "a stored layer is damaged: ", quoted(path_),
           " has not the bytes that it had when the layer was made");
  }

  std::unique_ptr<Source> bytes_;
  HashingSource hashed_;
  std::string path_;
  std::uint64_t size_;
  ContentDigest content_;
  bool is_verified_ = false;
};

}  // namespace

std::unique_ptr<Source> LayerFiles::open(const Entry& entry) const {
  if (!entry.is_file())
    fail(ErrorKind::system, quoted(entry.path), " is a ", entry.type, " and has no bytes to open");
  return verified(blob_.open(entry.data_offset, entry.size), entry);
}

std::unique_ptr<Source> verified(std::unique_ptr<Source> bytes, const Entry& entry) {
  if (!entry.content) return bytes;
  return std::make_unique<VerifiedSource>(std::move(bytes), entry);
}

std::unique_ptr<Source> open_entry(int blob_fd, const LayerTree& layer, const Entry& entry) {
  return LayerFiles(blob_fd, layer).open(entry);
}

}  // namespace strata
