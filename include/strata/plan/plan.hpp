#pragma once
/// A Plan: the stages that the target needs, each a base and a row of steps, in an order in which
/// every stage comes after those it takes from.

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "strata/oci/image.hpp"
#include "strata/oci/platform.hpp"
#include "strata/plan/step.hpp"

namespace strata::plan {

struct Scratch {};
struct BaseImage {
  std::string name;  ///< as written after FROM, expanded
  std::shared_ptr<const oci::Image> image;
};
struct BaseStage {
  std::size_t stage;  ///< index in Plan::stages
};
using Base = std::variant<Scratch, BaseImage, BaseStage>;

struct Stage {
  std::string name;       ///< of AS; empty without
  int index_in_file = 0;  ///< from 0, as COPY --from counts
  std::string text;       ///< the FROM instruction, for people
  Lines lines;
  Base base = Scratch{};
  std::vector<Step> steps;
  oci::RunConfig config;  ///< as the last step leaves it
  std::string author;     ///< MAINTAINER's, or the base's
  bool no_cache = false;
  oci::Platform platform;

  /// What people call the stage: its name, or "stage-N".
  std::string label() const;
  /// The stages it takes from, ascending.
  std::vector<std::size_t> needs() const;
};

/// The places that an operation takes files from, as often as it does; borrowed from it.
std::vector<const Origin*> origins_of(const Operation& operation);

struct Plan {
  std::string dockerfile;  ///< as messages call the file
  std::vector<Stage> stages;
  std::size_t target = 0;  ///< index in `stages`; the last one

  const Stage& target_stage() const { return stages[target]; }
};

}  // namespace strata::plan
