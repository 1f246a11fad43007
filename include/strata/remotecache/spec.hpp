#pragma once
/// Where the cache is shared: the values of --cache-from and --cache-to, as a closed little
/// language.
///
///   type=registry,ref=NAME[:TAG]   a repository of a registry; NAME[:TAG] alone means this
///   type=local,src=DIR             an OCI layout; dest=DIR in --cache-to
///   type=inline                    in the image itself; only --cache-to: found by its name
///
/// --cache-to takes mode=min|max and mounts=ID too, the latter any number of times.

#include <string>
#include <string_view>
#include <vector>

#include "strata/oci/reference.hpp"

namespace strata::remotecache {

enum class PlaceType { registry, local, inlined };

struct PlaceSpec {
  PlaceType type = PlaceType::registry;
  oci::Reference repository;  ///< of a registry; the tag tells caches of one repository apart
  std::string directory;      ///< a host path
};

/// Whose steps are sent.
enum class Mode {
  min,  ///< those that the image is made of
  max,  ///< those of all stages
};

struct ExportSpec {
  PlaceSpec place;
  Mode mode = Mode::min;
  std::vector<std::string> mounts;  ///< ids of RUN --mount=type=cache
};

/// Both throw Error usage naming the option, what is allowed, and the nearest word for a misspelt
/// one. What other builders know and would change something here is refused, never ignored.
PlaceSpec parse_cache_from(std::string_view text);
ExportSpec parse_cache_to(std::string_view text);

}  // namespace strata::remotecache
