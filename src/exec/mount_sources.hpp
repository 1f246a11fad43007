#pragma once
/// What the mounts of a RUN show, looked up as data, and what of it belongs into the step's key.

#include <memory>
#include <optional>
#include <vector>

#include "strata/exec/operation.hpp"

namespace strata::exec {

struct MountSource {
  std::shared_ptr<Place> place;
  PlacePart part;
};

/// One for each mount of the step; nothing for those that show no files of a place.
using MountSources = std::vector<std::optional<MountSource>>;

/// Error not_found, with the mount it is for, if a source is not there.
MountSources find_mount_sources(const plan::RunProcess& step, const FindOrigin& find_origin);

/// Adds what the result depends on: what bind mounts show, what caches begin with, and of all
/// mounts how they are seen. Not what a cache holds, nor what a secret is. The trees of what is
/// shown are put into `trees`.
void add_mount_ingredients(const plan::RunProcess& step, const MountSources& sources,
                           plan::Ingredients& ingredients, NamedTrees& trees);

}  // namespace strata::exec
