#pragma once
/// Layer blobs that are open for reading single files. The few used last stay open, with the chunks
/// they have decoded: small files lie by the hundred in one chunk and are mostly read one after the
/// other.

#include <list>
#include <memory>
#include <mutex>

#include "strata/base/fd.hpp"
#include "strata/base/io.hpp"
#include "strata/base/root.hpp"
#include "strata/content/layer_blob.hpp"

namespace strata::store {

/// What packs a blob, by its own first bytes: archives of other tools say it wrong, or not at all.
Codec codec_of(int blob_fd);

/// True if any file of the layer can be read from its blob in bounded time: the blob has a chunk
/// table, is plain, or is so small that its reader keeps all of it.
bool can_read_single_files(const LayerTree& layer);

/// Thread-safe.
class OpenBlobs {
 public:
  /// The bytes of a regular file. `open` is called if the blob is not open yet. The source keeps
  /// what it needs alive, and verifies the file's digest when it is read to the end.
  std::unique_ptr<Source> open_file(const std::shared_ptr<const LayerTree>& layer,
                                    const Entry& entry, const std::function<Fd()>& open);

 private:
  struct OpenBlob;
  static constexpr std::size_t open_max = 8;

  std::shared_ptr<const OpenBlob> blob(const std::shared_ptr<const LayerTree>& layer,
                                       const std::function<Fd()>& open);

  std::mutex mutex_;
  std::list<std::shared_ptr<const OpenBlob>> recent_;  // latest first
};

/// The bytes of a regular file of an unpacked layer, as they are.
std::unique_ptr<Source> open_in_directory(const Root& unpacked, const Entry& entry);

}  // namespace strata::store
