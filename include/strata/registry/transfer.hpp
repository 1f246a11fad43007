#pragma once
/// What pull and push say while they work.

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "strata/content/digest.hpp"
#include "strata/registry/repository.hpp"

namespace strata::registry {

/// What is known before the first blob moves. Of a push, "here" is what the registry has, which
/// shows only as it goes: then all counts as to be moved.
struct TransferPlanned {
  std::size_t blobs_here = 0;
  std::size_t blobs_to_move = 0;
  std::uint64_t bytes_here = 0;
  std::uint64_t bytes_to_move = 0;
};
struct BlobStarted {
  std::size_t number;  ///< from 1 to TransferPlanned::blobs_to_move
  Digest digest;
  std::uint64_t size;
};
/// Bytes so far; fewer than before if it had to begin anew.
struct BlobMoved {
  std::size_t number;
  std::uint64_t bytes;
};
struct BlobDone {
  std::size_t number;
  Arrival arrival;
};
struct TransferNotice {
  std::string text;
};

using TransferEvent =
    std::variant<TransferPlanned, BlobStarted, BlobMoved, BlobDone, TransferNotice>;

/// Called from several threads at once.
class TransferObserver {
 public:
  virtual ~TransferObserver() = default;
  virtual void on_event(const TransferEvent& event) = 0;
};

inline constexpr unsigned transfers_at_once = 4;

}  // namespace strata::registry
