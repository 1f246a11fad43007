#pragma once
/// Layers being born: from entries and bytes to a blob without a name.

#include <memory>
#include <optional>
#include <stop_token>

#include "strata/exec/operation.hpp"

namespace strata::exec {

/// A directory on the store's file system that holds just what the layer says, as an overlay lower.
struct UnpackedForm {
  store::WorkDirectory work;  ///< in which it lies; removed with what is left in it
  std::string host_path;
};

/// Writes the layer's blob, with the help of an earlier one if there is one. The bytes opened are
/// counted to `reporter`, and no more are read once a stop is asked for.
std::unique_ptr<Draft> write_draft(Tree tree, const ContentOpener& contents, Engine& engine,
                                   const Reporter& reporter, const std::stop_token& stop,
                                   const EarlierLayer* earlier = nullptr,
                                   std::optional<UnpackedForm> unpacked = std::nullopt);

/// The epoch in whole seconds, as entries count.
std::optional<std::int64_t> newest_mtime(const Engine& engine);

}  // namespace strata::exec
