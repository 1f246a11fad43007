#pragma once
/// What a stage has come to: its file system, and all that goes into the config of an image made of
/// it.

#include <memory>
#include <vector>

#include "strata/cache/record.hpp"
#include "strata/exec/operation.hpp"
#include "strata/oci/image.hpp"
#include "strata/plan/plan.hpp"

namespace strata::build {

struct StageState {
  exec::Rootfs rootfs;
  std::vector<oci::HistoryEntry> history;
  /// What the cache knows of the steps that made it, those of stages below included.
  std::vector<cache::RecordPointer> records;
  /// Rolled over everything that base and instructions said so far: with the ChainId it is the
  /// state that a metadata-only step depends on.
  Digest said = Digest::of("");
  /// The image at the bottom, whose unknown config members are carried along; null over scratch.
  std::shared_ptr<const oci::Image> base_image;

  /// ChainId and `said` in one.
  Digest digest() const;
  /// Notes one more instruction.
  void say(std::string_view instruction);
};

/// The state a stage begins with. `earlier` holds the states of the stages before it.
StageState begin_state(const plan::Base& base, const std::vector<StageState>& earlier,
                       const store::Store& store);

/// The image that a finished stage is.
oci::Image make_stage_image(const plan::Stage& stage, const StageState& state);

}  // namespace strata::build
