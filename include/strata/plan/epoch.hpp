#pragma once
/// SOURCE_DATE_EPOCH of a build: the time of all that it makes (reference dockerfile.md §1.11).

#include <optional>
#include <string>

#include "strata/dockerfile/file.hpp"
#include "strata/plan/make_plan.hpp"

namespace strata::plan {

/// Its name as a build argument. Stages see it if they declare it, like any other.
inline constexpr const char* epoch_argument = "SOURCE_DATE_EPOCH";

struct EpochText {
  std::string value;  ///< expanded, not empty
  /// The ARG that set it; nothing if the command line did.
  std::optional<dockerfile::SourceRange> lines;
};

/// What --build-arg, else an ARG before the first FROM, sets it to; nothing if it is unset or
/// empty. What is wrong with an ARG is for `make_plan` to say. Throws SourceError for a file that
/// has no stages.
std::optional<EpochText> find_epoch(const dockerfile::File& file, const Options& options);

}  // namespace strata::plan
