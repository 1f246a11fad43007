#pragma once
/// The places steps take files from, each opened when the first step asks for it and then shared.

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "strata/build/builder.hpp"

namespace strata::build {

/// Thread-safe. A place that takes long to open keeps the others waiting; there are few of them.
class Origins {
 public:
  Origins(OpenContext open_context, store::Store& store)
      : open_context_(std::move(open_context)), store_(store) {}

  /// Makes a finished stage available.
  void add_stage(std::size_t stage, const exec::Rootfs& rootfs);

  /// Throws if a stage is asked for that has not been added.
  std::shared_ptr<exec::Place> find(const plan::Origin& origin);

 private:
  std::shared_ptr<exec::Place> open(const plan::FromContext& context);
  std::shared_ptr<exec::Place> open(const plan::FromStage& stage);
  std::shared_ptr<exec::Place> open(const plan::FromImage& image);

  OpenContext open_context_;
  store::Store& store_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<exec::Place>> contexts_;
  std::map<std::size_t, std::shared_ptr<exec::Place>> stages_;
  std::map<Digest, std::shared_ptr<exec::Place>> images_;
};

}  // namespace strata::build
