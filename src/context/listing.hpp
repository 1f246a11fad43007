#pragma once
/// What the directories of a tree hold, found out on all threads.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "context/file_stamp.hpp"
#include "context/stat_index.hpp"
#include "strata/base/root.hpp"
#include "strata/base/worker_pool.hpp"
#include "strata/content/entry.hpp"
#include "strata/dockerfile/ignore.hpp"

namespace strata::context {

/// A name in a directory. A million of them are remembered at once, so each is as small as can be.
struct Child {
  std::uint32_t name = 0;     ///< where in the listing's names it begins
  std::uint32_t row = 0;      ///< of a file that the index has
  std::uint32_t fresh = 0;    ///< of anything else: where in the listing's `fresh` it is
  std::uint32_t listing = 0;  ///< of a directory: where what it holds is
  /// A directory that the rules exclude but that may hold something they include.
  bool excluded = false;
  bool has_other_names = false;  ///< hard links, not all of which need lie in the directory
};

struct Fresh {
  FileStamp stamp;
  /// Of what is more than a regular file with no extended attributes.
  std::unique_ptr<Entry> special = {};
};

struct Listing {
  std::string path;
  std::string names;            ///< each with a zero behind it
  std::vector<Child> children;  ///< sorted by name
  std::vector<Fresh> fresh;

  std::string_view name_of(const Child& child) const { return names.data() + child.name; }
};

/// What is constant during one walk.
struct Walk {
  const Root& root;
  const dockerfile::IgnoreRules& rules;
  const StatIndex& index;
};

/// What each directory holds, the root's first.
std::vector<Listing> list_all(const Walk& walk, WorkerPool& pool);

}  // namespace strata::context
