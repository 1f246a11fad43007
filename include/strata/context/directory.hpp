#pragma once
/// A build context that is a directory of the host: its files as a tree, less what the ignore rules
/// exclude, with content digests remembered between builds by a stat index.

#include <memory>
#include <string>

#include "strata/base/root.hpp"
#include "strata/base/worker_pool.hpp"
#include "strata/content/file_origin.hpp"
#include "strata/dockerfile/ignore.hpp"

namespace strata::context {

/// As the Dockerfile's language has it: owners are 0:0, hard links are kept within the context.
struct DirectoryOptions {
  dockerfile::IgnoreRules ignore;
  std::string ignore_name;  ///< what messages call the ignore file
  /// Where digests are kept between builds: a file in this directory (borrowed), or nowhere if -1.
  int index_directory_fd = -1;
  std::string index_name;
};

/// Walks the directory once, now, and never follows a link out of it.
std::unique_ptr<FileOrigin> open_directory(Root directory, DirectoryOptions options,
                                           WorkerPool& pool);

}  // namespace strata::context
