#pragma once
/// SOURCE_DATE_EPOCH as a time, wherever it is said: in a build argument, the environment, the
/// Dockerfile.

#include <optional>
#include <string>
#include <string_view>

#include "strata/base/time.hpp"
#include "strata/dockerfile/file.hpp"
#include "strata/plan/make_plan.hpp"

namespace strata::cli {

/// Whole seconds since 1970, possibly negative; nothing if the text is none or out of range.
std::optional<Time> parse_epoch(std::string_view text);

/// The epoch of a build of `file` with the files of `context`. Where it is said as "git" or
/// "context" the build argument in `options` becomes the seconds that it comes to. Throws Error
/// usage, or SourceError at the ARG that says something else.
std::optional<Time> settle_epoch(const dockerfile::File& file, const std::string& context,
                                 plan::Options& options);

}  // namespace strata::cli
