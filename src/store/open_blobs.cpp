#include "store/open_blobs.hpp"

#include <algorithm>

#include "strata/base/error.hpp"

namespace strata::store {

namespace {

/// What a reader of a blob without chunk table keeps decoded (16 chunks).
constexpr std::uint64_t kept_whole_max = 16 * ChunkTable::chunk_size_max;

}  // namespace

struct OpenBlobs::OpenBlob {
  OpenBlob(Fd opened, const LayerTree& layer)
      : digest(layer.blob), fd(std::move(opened)), files(fd.get(), layer) {}

  Digest digest;
  Fd fd;
  LayerFiles files;
};

Codec codec_of(int blob_fd) {
  char first[4];
  return detect_codec({first, pread_full(blob_fd, first, 0)});
}

bool can_read_single_files(const LayerTree& layer) {
  return !layer.chunks.empty() || layer.codec == Codec::none || layer.tar_size <= kept_whole_max;
}

std::shared_ptr<const OpenBlobs::OpenBlob> OpenBlobs::blob(
    const std::shared_ptr<const LayerTree>& layer, const std::function<Fd()>& open) {
  const std::lock_guard guard(mutex_);
  const auto found = std::find_if(recent_.begin(), recent_.end(), [&](const auto& candidate) {
    return candidate->digest == layer->blob;
  });
  if (found == recent_.end()) {
    recent_.push_front(std::make_shared<const OpenBlob>(open(), *layer));
    if (recent_.size() > open_max) recent_.pop_back();
  } else {
    recent_.splice(recent_.begin(), recent_, found);
  }
  return recent_.front();
}

namespace {

/// A source together with what it borrows.
class KeepingSource : public Source {
 public:
  KeepingSource(std::shared_ptr<const void> kept, std::unique_ptr<Source> inner)
      : kept_(std::move(kept)), inner_(std::move(inner)) {}
  std::size_t read(std::span<char> buffer) override { return inner_->read(buffer); }

 private:
  std::shared_ptr<const void> kept_;
  std::unique_ptr<Source> inner_;
};

}  // namespace

std::unique_ptr<Source> OpenBlobs::open_file(const std::shared_ptr<const LayerTree>& layer,
                                             const Entry& entry, const std::function<Fd()>& open) {
  auto from = blob(layer, open);
  auto inner = from->files.open(entry);
  return std::make_unique<KeepingSource>(std::move(from), std::move(inner));
}

std::unique_ptr<Source> open_in_directory(const Root& unpacked, const Entry& entry) {
  Fd file = unpacked.open_file(entry.path, O_RDONLY | O_NONBLOCK, Links::keep);
  if (!S_ISREG(stat_of(file.get()).st_mode)) {
    fail(ErrorKind::corrupt, "unpacked layer: ", quoted(entry.path), " is no regular file");
  }
  return std::make_unique<FdSource>(std::move(file));
}

}  // namespace strata::store
