#pragma once
/// The blobs of a layout on their way out, one after the other, each with the next ones behind it.

#include <deque>
#include <vector>

#include "output/image_documents.hpp"

namespace strata::output {

/// What is copied into a file is verified by a thread of its blob's own, and hashing a blob takes
/// longer than copying it: so the blobs behind the one that is being copied are begun already, as
/// many as there are cores.
class BlobsInTurn {
 public:
  /// Borrows all it is given. `into_file`: what takes the blobs lets the kernel copy them.
  BlobsInTurn(store::Store& store, std::vector<LayoutBlob> blobs, bool into_file);

  /// The bytes of the next one, as open_blob. There must be one.
  OpenedBlob next();

 private:
  void open(const LayoutBlob& blob);

  store::Store& store_;
  std::vector<LayoutBlob> blobs_;
  bool into_file_;
  std::size_t ahead_;
  std::size_t opened_count_ = 0;
  std::deque<OpenedBlob> opened_;
};

}  // namespace strata::output
