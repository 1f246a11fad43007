/// Walking a RootfsView is a merge of sorted runs, one per layer. At every path the layers that
/// have entries for it are heard from the top down. The *floor* is the lowest layer that still
/// shows: a whiteout, an opaque mark or anything that is no directory raises it for all that lies
/// below its path; a stack of such paths, each an ancestor of the next, is all the state there is.

#include <algorithm>

#include "content/layer_says.hpp"
#include "strata/base/path.hpp"
#include "strata/content/rootfs_view.hpp"

namespace strata {

namespace {

class LayerMerge {
 public:
  using Visit = std::function<void(const RootfsView::Found&)>;

  LayerMerge(const RootfsView::Trees& layers, std::string_view directory) {
    for (std::size_t i = layers.size(); i-- > 0;) {
      add(layers[i]->below(directory), i);
      if (hides_below(*layers[i], directory)) break;
    }
  }

  void run(const Visit& visit) {
    while (!cursors_.empty()) {
      const std::string_view path = cursors_.front().rest.front().path;
      take_all_at(path);
      while (!covers_.empty() && !is_within(path, covers_.back().path)) covers_.pop_back();
      if (const auto found = hear(path)) visit(*found);
    }
  }

 private:
  struct Cursor {
    std::span<const Entry> rest;
    std::size_t layer;
  };
  struct Cover {
    std::string_view path;
    std::size_t floor;
  };

  // Orders the heap: the next path on top, of one path the highest layer first.
  static bool later(const Cursor& left, const Cursor& right) {
    const auto order = compare_paths(left.rest.front().path, right.rest.front().path);
    return order != 0 ? order > 0 : left.layer < right.layer;
  }

  void add(std::span<const Entry> rest, std::size_t layer) {
    if (rest.empty()) return;
    cursors_.push_back({rest, layer});
    std::push_heap(cursors_.begin(), cursors_.end(), later);
  }

  // Moves every entry of `path` to entries_, from the highest layer to the lowest.
  void take_all_at(std::string_view path) {
    entries_.clear();
    while (!cursors_.empty() && cursors_.front().rest.front().path == path) {
      std::pop_heap(cursors_.begin(), cursors_.end(), later);
      const Cursor cursor = cursors_.back();
      cursors_.pop_back();
      entries_.push_back({&cursor.rest.front(), cursor.layer});
      add(cursor.rest.subspan(1), cursor.layer);
    }
  }

  std::optional<RootfsView::Found> hear(std::string_view path) {
    const std::size_t floor = covers_.empty() ? 0 : covers_.back().floor;
    std::optional<RootfsView::Found> visible;
    for (const auto& found : entries_) {
      if (found.layer < floor) break;
      if (!found.entry->is_removal() && !visible) visible = found;
      if (found.entry->is_directory()) continue;
      // The first that is no directory hides all that lower layers have below this path, and
      // unless it is an opaque mark also what they have at it.
      if (found.layer > floor) covers_.push_back({path, found.layer});
      if (found.entry->type != EntryType::opaque) break;
      if (!visible) visible = directory_under_opaque(found.layer, floor);
      break;
    }
    if (visible && !visible->entry->is_directory() && is_implied_above(path, visible->layer))
      return std::nullopt;
    return visible;
  }

  // An opaque mark without its directory: the layer below may have the entry.
  std::optional<RootfsView::Found> directory_under_opaque(std::size_t layer,
                                                          std::size_t floor) const {
    for (const auto& found : entries_) {
      if (found.layer >= layer || found.entry->type == EntryType::opaque) continue;
      if (found.layer < floor || found.entry->is_removal()) return std::nullopt;
      return found;
    }
    return std::nullopt;
  }

  // True if a layer above `layer` has something below `path`, which makes `path` a directory.
  // Such entries follow at once in the order of the merge, so the usual answer costs one look.
  bool is_implied_above(std::string_view path, std::size_t layer) const {
    if (cursors_.empty() || !is_within(cursors_.front().rest.front().path, path)) return false;
    return std::any_of(cursors_.begin(), cursors_.end(), [&](const Cursor& cursor) {
      if (cursor.layer <= layer) return false;
      for (const Entry& entry : cursor.rest) {
        if (!is_within(entry.path, path)) return false;
        if (!entry.is_removal()) return true;
      }
      return false;
    });
  }

  std::vector<Cursor> cursors_;
  std::vector<RootfsView::Found> entries_;
  std::vector<Cover> covers_;
};

/// One layer, as a build context is, has nothing to be merged with, and nothing to hide.
void walk_layer(const Tree& layer, std::string_view directory, const LayerMerge::Visit& visit) {
  for (const Entry& entry : layer.below(directory))
    if (!entry.is_removal()) visit({&entry, 0});
}

}  // namespace

void RootfsView::walk(std::string_view directory,
                      const std::function<void(const Found&)>& visit) const {
  if (layers_.size() == 1) return walk_layer(*layers_.front(), directory, visit);
  LayerMerge(layers_, directory).run(visit);
}

}  // namespace strata
