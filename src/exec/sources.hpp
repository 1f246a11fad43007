#pragma once
/// The sources of COPY and ADD, found: wildcards matched, links followed (reference dockerfile.md
/// §1.6). All of it is a question to a tree; no byte is read.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "strata/content/file_origin.hpp"

namespace strata::exec {

/// One file or directory to copy.
struct CopySource {
  /// Under which name it arrives in a directory: the one that was written or matched, not the one a
  /// link led to.
  std::string name;
  std::string path;  ///< root path in the origin, without links
  bool is_directory = false;
  /// Absent only for a directory that no entry speaks of (the root, or one implied by its files).
  std::optional<RootfsView::Found> found;
};

/// In the order written, matches of a wildcard in the order of their names; each match is a source
/// of its own. A wildcard that matches nothing gives nothing; a plain name that is not there is
/// Error not_found, and `where` says in it what was searched.
std::vector<CopySource> find_sources(const std::vector<std::string>& sources,
                                     const FileOrigin& origin, std::string_view where);

}  // namespace strata::exec
