#pragma once
/// Paths inside a root, as text: no file system is asked. A *root path* is relative to the root it
/// speaks of, clean (no "." or ".." or doubled slash), without leading or trailing slash; the root
/// itself is the empty text. Component-wise order puts a directory right before what it holds.

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace strata {

/// The root path behind any path: leading slashes dropped, ".." clamped at the root.
std::string root_path(std::string_view any);

/// As Go's path.Clean: "." for nothing, ".." kept where it cannot be resolved.
std::string clean_path(std::string_view path);

/// `path` if absolute, else below `base`; the result is cleaned and absolute ("/a/b").
std::string absolute_path(std::string_view base, std::string_view path);

/// Both are root paths; either may be empty.
std::string join_path(std::string_view parent, std::string_view child);

/// Everything before the last slash; empty for a name in the root.
std::string_view parent_path(std::string_view path);

/// Everything after the last slash.
std::string_view base_name(std::string_view path);

/// True if `path` is `ancestor` or lies below it. Both are root paths.
bool is_within(std::string_view path, std::string_view ancestor);

std::vector<std::string_view> path_components(std::string_view path);

/// How many bytes both begin with alike.
std::size_t common_prefix_size(std::string_view left, std::string_view right);

/// Orders root paths component by component, so that a subtree is one contiguous run.
std::strong_ordering compare_paths(std::string_view left, std::string_view right);

struct PathLess {
  using is_transparent = void;
  bool operator()(std::string_view left, std::string_view right) const {
    return compare_paths(left, right) < 0;
  }
};

}  // namespace strata
