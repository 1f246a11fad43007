#pragma once
/// How a layer tar says that something is gone (OCI layer.md, "Whiteouts"): by the name of an empty
/// file beside where it was.

#include <string>
#include <string_view>

#include "strata/base/path.hpp"

namespace strata {

inline constexpr std::string_view whiteout_prefix = ".wh.";
inline constexpr std::string_view opaque_base_name = ".wh..wh..opq";
/// AUFS kept its own books under such names; they are in layers of that time and mean nothing.
inline constexpr std::string_view aufs_prefix = ".wh..wh.";

/// "dir/.wh.name" for "dir/name".
inline std::string whiteout_name(std::string_view path) {
  return join_path(parent_path(path), std::string(whiteout_prefix).append(base_name(path)));
}

/// "dir/.wh..wh..opq" for "dir".
inline std::string opaque_name(std::string_view directory) {
  return join_path(directory, opaque_base_name);
}

/// True if any component of the path begins with ".wh.".
inline bool has_whiteout_component(std::string_view path) {
  return path.starts_with(whiteout_prefix) || path.find("/.wh.") != path.npos;
}

}  // namespace strata
