#pragma once
/// A layer made by somebody else, on its way into the store: its blob is written as it comes, and a
/// thread reads what is there already, so that digest, DiffID and tree are known when the last byte
/// is. Nothing is kept in memory that comes; a layer that is given up leaves nothing.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <future>
#include <mutex>

#include "strata/base/io.hpp"
#include "strata/oci/image.hpp"
#include "strata/store/blobs.hpp"

namespace strata::store {

/// For one thread, which writes and then commits.
class ArrivingLayer : public Sink {
 public:
  /// Made by Layers::receive. `read` reads the blob whole and throws if it is not what was
  /// expected; it is called in another thread, and its source waits for what is yet to come.
  using Read = std::function<oci::Layer(Source& blob, int blob_fd)>;
  ArrivingLayer(NewBlob blob, const Digest& expected, Read read);
  ~ArrivingLayer() override;
  ArrivingLayer(const ArrivingLayer&) = delete;
  ArrivingLayer& operator=(const ArrivingLayer&) = delete;

  void write(std::string_view bytes) override;

  /// There are no more bytes: gives the blob its name. Error corrupt if it is not what was
  /// expected.
  oci::Layer commit();

 private:
  class Growing;
  enum class State { growing, complete, given_up };
  void change(State state);

  NewBlob blob_;
  Digest expected_;
  std::mutex mutex_;
  std::condition_variable grown_;
  std::uint64_t size_ = 0;  ///< bytes that can be read
  State state_ = State::growing;
  std::future<oci::Layer> layer_;  ///< last: its thread uses what stands above
};

}  // namespace strata::store
