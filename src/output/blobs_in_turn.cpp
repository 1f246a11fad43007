#include "output/blobs_in_turn.hpp"

#include <algorithm>
#include <thread>

namespace strata::output {

namespace {

constexpr std::size_t ahead_max = 4;

}  // namespace

BlobsInTurn::BlobsInTurn(store::Store& store, std::vector<LayoutBlob> blobs, bool into_file)
    : store_(store),
      blobs_(std::move(blobs)),
      into_file_(into_file),
      ahead_(into_file_ ? std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, ahead_max)
                        : 1) {}

OpenedBlob BlobsInTurn::next() {
  while (opened_.size() < ahead_ && opened_count_ < blobs_.size()) open(blobs_[opened_count_++]);
  OpenedBlob first = std::move(opened_.front());
  opened_.pop_front();
  return first;
}

void BlobsInTurn::open(const LayoutBlob& blob) {
  opened_.push_back(open_blob(store_, blob.first, blob.second));
  // Whoever asks for the file will not see the bytes, so this begins the verification.
  if (into_file_) opened_.back().bytes->as_file();
}

}  // namespace strata::output
