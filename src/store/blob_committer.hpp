#pragma once
/// Brings finished blobs to the disk and gives them their names, in the background.
///
/// A name promises that the bytes behind it survive a loss of power, and that takes two journal
/// commits, some milliseconds each. Nobody needs to wait for them before something is acknowledged:
/// until then a blob is read through its open file. Blobs that are finished meanwhile share the
/// commits: first the data of all is written, then all are synced, then all are linked, and one
/// sync of the directory makes the names last.

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "strata/base/file.hpp"
#include "strata/content/digest.hpp"

namespace strata::store {

/// Thread-safe. The thread starts with the first blob.
class BlobCommitter {
 public:
  /// `directory_fd` is borrowed.
  explicit BlobCommitter(int directory_fd) : directory_fd_(directory_fd) {}
  /// Finishes what was handed over.
  ~BlobCommitter();
  BlobCommitter(const BlobCommitter&) = delete;
  BlobCommitter& operator=(const BlobCommitter&) = delete;

  /// Takes a whole blob. Throws what has failed before: then more work makes no sense.
  void submit(const Digest& digest, NewFile file, std::uint64_t size);

  /// Waits until every blob has its name for good, and throws what has failed.
  void flush();

  /// A blob that has no name yet.
  std::optional<std::uint64_t> find_size(const Digest& digest) const;
  std::optional<Fd> find_open(const Digest& digest) const;

 private:
  struct Pending {
    NewFile file;
    std::uint64_t size;
  };
  using Batch = std::vector<std::pair<const Digest, Pending>*>;

  void run();
  void commit(const Batch& batch) const;
  void link(const Digest& digest, Pending& blob) const;

  const int directory_fd_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Digest, Pending> pending_;
  bool closing_ = false;
  std::exception_ptr failure_;
  std::thread thread_;
};

/// The size of a named blob.
std::optional<std::uint64_t> find_blob_size(int directory_fd, const Digest& digest);

}  // namespace strata::store
