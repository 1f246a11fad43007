#pragma once
/// Why a step was not cached: the differences between what it depends on now and what its nearest
/// earlier run depended on, said in words.

#include <map>
#include <string>
#include <vector>

#include "strata/cache/record.hpp"
#include "strata/content/tree.hpp"

namespace strata::cache {

/// How a step's files were and are; null where that is not known or the step has none.
struct FileTrees {
  const Tree* before = nullptr;
  const Tree* now = nullptr;
  /// Those behind single ingredients, by name; how they were is in the record.
  const std::map<std::string, Tree>* behind = nullptr;
};

/// Every difference in the order of the ingredients, the first one first: "app.js: content
/// changed", "environment variable VERSION changed from "1" to "2"". `parent_change` says what
/// became of the layers below, for when those differ. At most a few files are named. Never empty:
/// two lists without a difference have the same key, and the earlier result must then be lost.
std::vector<std::string> explain_miss(const Record& before, const plan::Ingredients& now,
                                      const FileTrees& files, const std::string& parent_change);

}  // namespace strata::cache
