#pragma once
/// The sources of COPY and ADD, found: wildcards matched, links followed (reference dockerfile.md
/// §1.6). All of it is a question to a tree; no byte is read.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "strata/content/file_origin.hpp"
#include "strata/context/path_patterns.hpp"
#include "strata/plan/step.hpp"

namespace strata::exec {

/// One file or directory to copy.
struct CopySource {
  /// Under which name it arrives in a directory: the one that was written or matched, not the one a
  /// link led to.
  std::string name;
  std::string path;  ///< root path in the origin, without links
  bool is_directory = false;
  /// Absent only for a directory that no entry speaks of (the root, or one implied by its files).
  std::optional<RootfsView::Found> found = std::nullopt;

  /// --parents: where it arrives below the destination, a root path. A directory arrives as this, a
  /// file in this.
  std::string under = {};
  /// What the origin has for each component of `under`, nothing for what no entry speaks of.
  std::vector<std::optional<RootfsView::Found>> parents = {};
  /// --parents with a wildcard: what is taken of the directory, by paths below the destination.
  std::optional<context::PathPatterns> only = std::nullopt;
  /// Of a source of ADD that is not in the step's origin: its own, borrowed, and its name.
  FileOrigin* elsewhere = nullptr;
  std::string address = {};
};

/// Those of the step's origin in the order written, matches of a wildcard in the order of their
/// names; each match is a source of its own. A wildcard that matches nothing gives nothing. Error
/// not_found for a plain name that is not there, be it only before a wildcard, and for a link that
/// leads nowhere. Files that
/// --exclude names are left out; what it leaves of a directory is a question of copying.
std::vector<CopySource> find_sources(const plan::CopyFiles& copy, const FileOrigin& origin);
/// The same for the one of `copy.sources` that has this index.
std::vector<CopySource> find_sources(const plan::CopyFiles& copy, std::size_t index,
                                     const FileOrigin& origin);

/// All that is in an origin at `address`: its only file if it is one, else all its files as those
/// of a directory.
CopySource whole_source(FileOrigin& elsewhere, const plan::Origin& origin, std::string address);

/// What messages call the place that files are taken from.
std::string describe_origin(const plan::Origin& origin);

/// One source whose characters all mean themselves. Errors as above.
CopySource find_plain_source(const std::string& path, const FileOrigin& origin,
                             std::string_view where);

}  // namespace strata::exec
