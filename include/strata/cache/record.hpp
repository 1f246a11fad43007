#pragma once
/// What the cache knows of a step done once.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "strata/base/time.hpp"
#include "strata/content/digest.hpp"
#include "strata/oci/image.hpp"
#include "strata/plan/ingredients.hpp"

namespace strata::cache {

struct Record {
  std::string text;  ///< the instruction as people wrote it
  plan::Ingredients ingredients;
  std::optional<oci::Layer> layer;  ///< nothing for a metadata-only step
  /// tree_digest of the layer without times: what early cut-off compares.
  std::optional<Digest> content;
  Time created;  ///< when the step really ran
  std::uint64_t duration_ms = 0;
  /// Trees behind ingredients, by their names, as encode_tree writes them: only for telling later
  /// which file made the difference, and so not part of the key.
  std::map<std::string, std::string> trees;

  CacheKey key() const { return ingredients.key(); }
};

/// Shared by the stages that stand on its step.
using RecordPointer = std::shared_ptr<const Record>;

/// One line per field, each text with its length before it: readable with `cat`, safe for any
/// bytes.
std::string encode_record(const Record& record);
/// Nothing if the text is not a record of this version: a miss, never an error.
std::optional<Record> decode_record(std::string_view text);

/// The blob and the DiffId that the record of a step needs; for store::collect.
std::vector<Digest> record_references(const Digest& key, std::string_view record);

}  // namespace strata::cache
