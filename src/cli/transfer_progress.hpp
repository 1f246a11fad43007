#pragma once
/// Blobs on their way, shown as the steps of a build are: each blob is one.

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "strata/build/events.hpp"
#include "strata/registry/transfer.hpp"

namespace strata::cli {

enum class Direction { pull, push };

/// Thread-safe; what it shows goes to an observer for one thread.
class TransferProgress : public registry::TransferObserver {
 public:
  TransferProgress(std::unique_ptr<build::Observer> shown, Direction direction)
      : shown_(std::move(shown)), direction_(direction) {}
  void on_event(const registry::TransferEvent& event) override;

 private:
  struct Blob {
    std::string text;
    std::uint64_t size;
    std::chrono::steady_clock::time_point start;
  };

  void tell(const registry::TransferPlanned& planned);
  void tell(const registry::BlobStarted& started);
  void tell(const registry::BlobMoved& moved);
  void tell(const registry::BlobDone& done);
  void tell(const registry::TransferNotice& notice);

  std::mutex mutex_;
  std::unique_ptr<build::Observer> shown_;
  Direction direction_;
  std::size_t count_ = 0;
  std::map<std::size_t, Blob> blobs_;
};

}  // namespace strata::cli
