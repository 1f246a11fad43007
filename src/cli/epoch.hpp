#pragma once
/// SOURCE_DATE_EPOCH as a time, wherever it is said: in a build argument, the environment, the
/// Dockerfile.

#include <optional>
#include <string>
#include <string_view>

#include "context_place.hpp"
#include "strata/base/time.hpp"
#include "strata/dockerfile/file.hpp"
#include "strata/plan/make_plan.hpp"
#include "strata/plan/step.hpp"

namespace strata::cli {

/// Whole seconds since 1970, possibly negative; nothing if the text is none or out of range.
std::optional<Time> parse_epoch(std::string_view text);

/// What an epoch may take its time from.
class EpochSources {
 public:
  virtual ~EpochSources() = default;
  /// A build context by its name (its one form in plan::Options::contexts); empty for the main one.
  virtual ContextPlace& context(const std::string& name) = 0;
  /// What ADD takes from elsewhere: plan::FromUrl's or plan::FromGit's time in seconds since 1970;
  /// nothing if there is none.
  virtual std::optional<std::int64_t> time_of(const plan::Origin& remote) = 0;
};

/// The epoch of a build of `file`. It is said as a number, or by the name of what has it: "git" or
/// "context" for the main context, a named context, or a stage that is FROM scratch with nothing
/// but one ADD of one URL or repository. Then the build argument in `options` becomes the seconds
/// that it comes to. Throws Error usage, or SourceError at the ARG that says something else.
std::optional<Time> settle_epoch(const dockerfile::File& file, plan::Options& options,
                                 plan::ImageSource& images, EpochSources& sources);

}  // namespace strata::cli
