#include "strata/store/arriving_layer.hpp"

#include <algorithm>

#include "strata/base/error.hpp"

namespace strata::store {

namespace {

/// From these many bytes on a blob's file tells how it is packed.
constexpr std::uint64_t telling_size = 4;

}  // namespace

/// The blob's file from its beginning; a read waits for bytes that have not come.
class ArrivingLayer::Growing : public Source {
 public:
  explicit Growing(ArrivingLayer& layer) : layer_(layer) {}

  std::size_t read(std::span<char> buffer) override {
    const std::uint64_t end = await(offset_ + 1);
    const auto wanted = std::min<std::uint64_t>(buffer.size(), end - offset_);
    const std::size_t count =
        pread_full(layer_.blob_.fd(), buffer.first(static_cast<std::size_t>(wanted)), offset_);
    offset_ += count;
    return count;
  }

  /// Waits for so many bytes, or the end, and returns how many there are.
  std::uint64_t await(std::uint64_t size) {
    std::unique_lock lock(layer_.mutex_);
    layer_.grown_.wait(lock,
                       [&] { return layer_.size_ >= size || layer_.state_ != State::growing; });
    if (layer_.state_ == State::given_up)
      fail(ErrorKind::interrupted, "the layer was not received to its end");
    return layer_.size_;
  }

 private:
  ArrivingLayer& layer_;
  std::uint64_t offset_ = 0;
};

ArrivingLayer::ArrivingLayer(NewBlob blob, const Digest& expected, Read read)
    : blob_(std::move(blob)),
      expected_(expected),
      layer_(std::async(std::launch::async, [this, read = std::move(read)] {
        Growing bytes(*this);
        bytes.await(telling_size);
        return read(bytes, blob_.fd());
      })) {}

ArrivingLayer::~ArrivingLayer() { change(State::given_up); }

void ArrivingLayer::change(State state) {
  {
    const std::lock_guard lock(mutex_);
    state_ = state;
    size_ = blob_.size();
  }
  grown_.notify_one();
}

void ArrivingLayer::write(std::string_view bytes) {
  blob_.write(bytes);
  change(State::growing);
}

oci::Layer ArrivingLayer::commit() {
  // First what the bytes are: of a blob that is cut or damaged nobody needs to know more.
  if (blob_.seal() != expected_) {
    fail(ErrorKind::corrupt, "layer blob ", to_string(expected_), " has the bytes of ",
         to_string(blob_.seal()));
  }
  change(State::complete);
  oci::Layer layer = layer_.get();
  blob_.commit();
  return layer;
}

}  // namespace strata::store
