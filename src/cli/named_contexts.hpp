#pragma once
/// What --build-context says: NAME=PLACE, where the place is an image, a stage or files.

#include <map>
#include <optional>
#include <string>

#include "arguments.hpp"
#include "session.hpp"
#include "strata/oci/image.hpp"
#include "strata/plan/make_plan.hpp"

namespace strata::cli {

/// Places as they were written, by the one form of their names (plan::NamedContexts).
using ContextPlaces = std::map<std::string, std::string>;

/// Reads NAME=PLACE words; says in `contexts` what kind of place each is. Throws Error usage for a
/// name that can be none, Error not_found for files that are not on this machine.
ContextPlaces read_named_contexts(const Words& words, plan::NamedContexts& contexts);

/// NAME of "docker-image://NAME"; nothing for another place.
std::optional<std::string> find_image_name(const std::string& place);

/// The image at "oci-layout://PATH[:TAG|@DIGEST]".
oci::Image open_context_layout(const std::string& place, const oci::Platform& platform,
                               store::Store& store);

}  // namespace strata::cli
