#pragma once
/// One look at a directory and all below it, by descriptors relative to descriptors.

#include <vector>

#include "context/file_stamp.hpp"
#include "context/stat_index.hpp"
#include "strata/base/root.hpp"
#include "strata/base/worker_pool.hpp"
#include "strata/content/entry.hpp"
#include "strata/dockerfile/ignore.hpp"

namespace strata::context {

/// What the walk knows of a file beside its entry.
struct WalkedFacts {
  FileStamp stamp;
  bool remembered = false;       ///< the index has it
  bool has_other_names = false;  ///< hard links, not all of which need lie in the directory
};

/// Entries and, at the same places, facts: apart, so that a tree takes the entries as they are.
struct Walked {
  std::vector<Entry> entries;
  std::vector<WalkedFacts> facts;
};

/// Everything that the rules do not exclude, sorted, with owners 0:0. An excluded directory is
/// there if something below it is included. Links are never followed; sockets are left out. The
/// second and further names of a file are hard links to its first. Files found in `index` have
/// their content digest, if it knows it. A directory that may not be read is Error denied.
Walked walk(const Root& root, const dockerfile::IgnoreRules& rules, const StatIndex& index,
            WorkerPool& pool);

}  // namespace strata::context
