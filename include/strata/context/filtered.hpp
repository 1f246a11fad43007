#pragma once
/// A build context that did not come from a directory, made like one: less what the ignore rules
/// exclude, everything owned by 0:0.

#include <memory>
#include <string>

#include "strata/content/file_origin.hpp"
#include "strata/dockerfile/ignore.hpp"

namespace strata::context {

/// The files of `whole` that `ignore` leaves in. Where it takes the first name of a hard-linked
/// file, the next one becomes the file.
std::unique_ptr<FileOrigin> filter(std::shared_ptr<FileOrigin> whole,
                                   dockerfile::IgnoreRules ignore, std::string ignore_name);

}  // namespace strata::context
