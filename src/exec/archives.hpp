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

/// A regular file (of a hard link the file itself).
struct ArchiveFile {
  FileOrigin* origin;
  RootfsView::Found file;
};
/// By the sources' paths, or addresses if they come from elsewhere. No path looks like a URL.
using ArchiveFiles = std::map<std::string, ArchiveFile>;

/// Looks at the beginning of every source that is a file. `origin` is that of all sources that are
/// not from elsewhere.
ArchiveFiles find_archives(const std::vector<CopySource>& sources, FileOrigin* origin,
                           plan::CopyFiles::Archives archives);
bool is_among(const CopySource& source, const ArchiveFiles& files);

/// Archives as trees of files. What they hold lies in a work directory of the store.
class UnpackedArchives {
 public:
  UnpackedArchives(const ArchiveFiles& files, const store::Store& store);
  /// Null for a source that is no archive.
  FileOrigin* find(const CopySource& source) const;

 private:
  store::WorkDirectory work_;
  std::map<std::string, std::unique_ptr<FileOrigin>> trees_;
};

}  // namespace strata::exec
