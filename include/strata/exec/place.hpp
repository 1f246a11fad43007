#pragma once
/// A place that steps take files from: COPY as data, mounts as directories of the host.

#include <stop_token>
#include <string>
#include <vector>

#include "strata/content/file_origin.hpp"

namespace strata::exec {

struct Engine;

/// Part of a place: one file, or a directory with all it holds.
struct PlacePart {
  std::string path;  ///< root path without links
  bool is_directory = false;
  /// What is there, each file with its content digest. Paths are relative to the directory, which
  /// is itself an entry if its place knows more of it than its name; a file has its own name.
  Tree tree;
};

/// Directories that laid over each other show a part of a place.
struct ShownPart {
  std::vector<std::string> lowers;  ///< of the host, topmost first
  std::string subpath;              ///< where in them the part is, a root path
};

class Place : public FileOrigin {
 public:
  /// Makes the directories, or finds those that were made before. They are there as long as the
  /// place is; nobody may write to them.
  virtual ShownPart show(const PlacePart& part, Engine& engine, const std::stop_token& stop) = 0;
};

}  // namespace strata::exec
