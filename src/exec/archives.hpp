#pragma once
/// The sources of ADD that are archives: found by their first bytes when the step is prepared,
/// unpacked only when it runs.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sources.hpp"
#include "strata/store/store.hpp"

namespace strata::exec {

/// Regular files (of a hard link the file itself) by their path as sources.
using ArchiveFiles = std::map<std::string, RootfsView::Found>;

/// Looks at the beginning of every source that is a file.
ArchiveFiles find_archives(const std::vector<CopySource>& sources, FileOrigin& origin);

/// Archives as trees of files. What they hold lies in a work directory of the store.
class UnpackedArchives {
 public:
  UnpackedArchives(const ArchiveFiles& files, FileOrigin& origin, const store::Store& store);
  /// Null for a source that is no archive.
  FileOrigin* find(const CopySource& source) const;

 private:
  store::WorkDirectory work_;
  std::map<std::string, std::unique_ptr<FileOrigin>> trees_;
};

}  // namespace strata::exec
