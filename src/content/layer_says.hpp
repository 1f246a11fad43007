#pragma once
/// What one layer says about one path, the question on which every look into a RootfsView rests.

#include <string_view>

#include "strata/content/tree.hpp"

namespace strata {

/// What a layer does to a path, seen from the layers below it.
struct LayerSays {
  const Entry* entry = nullptr;  ///< the layer's own entry of that path, if it is no removal
  bool is_implied = false;       ///< it has no entry, but things below that need it as a directory
  bool hides_lower = false;      ///< whatever lower layers have at that path is gone
};

LayerSays layer_says(const Tree& layer, std::string_view path);

/// True if the layer has something other than removals strictly below `path`.
bool holds_something(const Tree& layer, std::string_view path);

/// True if the layer hides what lower layers have strictly below `directory`.
bool hides_below(const Tree& layer, std::string_view directory);

/// The subtrees right below a directory, one after another, out of the run that Tree::below gives.
class ChildRuns {
 public:
  ChildRuns(std::span<const Entry> below, std::string_view directory);

  /// All entries of one name: its own first, then what lies below. Empty at the end.
  std::span<const Entry> next();
  /// The path that the run `next` gave last lies at, and its last component.
  std::string_view path() const { return path_; }
  std::string_view name() const { return path_.substr(name_begin_); }

 private:
  std::span<const Entry> rest_;
  std::size_t name_begin_;
  std::string_view path_;
};

}  // namespace strata
