#pragma once
/// Reads small files before their turn. Opening, reading and hashing many small files takes longer
/// than anything else in making a layer of them, and each is work of its own.

#include <optional>
#include <span>

#include "content/ordered_jobs.hpp"
#include "strata/content/layer_blob.hpp"

namespace strata {

/// Gives the small regular files among some entries, in their order.
class ReadAhead {
 public:
  /// `entries` and `contents` are borrowed.
  ReadAhead(std::span<const Entry> entries, const LayerContents& contents, WorkerPool& pool);
  ~ReadAhead();

  struct File {
    std::string_view bytes;  ///< until the next call
    ContentDigest content;
  };

  /// True if the entry is one that `next` gives.
  static bool is_small(const Entry& entry);
  /// The next of them. Throws what opening or reading it threw, or Error system if it has not the
  /// size that its entry says.
  File next();

 private:
  class Batch;

  void fill();
  std::unique_ptr<Batch> take_spare();

  const LayerContents& contents_;
  std::span<const Entry> rest_;
  std::unique_ptr<Batch> current_;
  std::vector<std::unique_ptr<Batch>> spare_;
  OrderedJobs<Batch> jobs_;
};

/// Says that a file is not what its entry says.
[[noreturn]] void fail_changed(const Entry& entry);

}  // namespace strata
