#pragma once
/// Parts of places: found as data, written out as files.

#include <stop_token>
#include <string>
#include <string_view>

#include "strata/base/root.hpp"
#include "strata/exec/place.hpp"

namespace strata::exec {

enum class Owners {
  kept,  ///< as the place has them
  root,  ///< everything is root's, as COPY makes it out of a build context
};

/// What `path` leads to, links followed inside the place. Of the extended attributes only those
/// that layers carry are seen. Error not_found says in words of `where` what was searched.
PlacePart find_part(FileOrigin& files, const std::string& path, std::string_view where,
                    Owners owners);

/// Writes a part into an empty directory: the directory itself becomes the part's, a single file
/// comes to lie in it. Error system if a file has changed since the part was found.
void write_part(FileOrigin& files, const PlacePart& part, const Root& into,
                const std::stop_token& stop);

}  // namespace strata::exec
