#pragma once
/// A tar archive as a tree of files: what ADD unpacks, and a build context that comes as a tar.
/// Read once front to back into a spool file; ids, modes and times are those of the archive.

#include <memory>
#include <string>

#include "strata/base/fd.hpp"
#include "strata/base/io.hpp"
#include "strata/content/file_origin.hpp"

namespace strata::context {

/// `spool` is an empty file that receives the files' bytes; `what` names the archive in errors.
std::unique_ptr<FileOrigin> open_archive(Source& archive, Fd spool, const std::string& what);

}  // namespace strata::context
