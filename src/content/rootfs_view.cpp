#include "strata/content/rootfs_view.hpp"

#include <algorithm>
#include <map>
#include <span>

#include "content/layer_says.hpp"
#include "strata/base/error.hpp"
#include "strata/base/path.hpp"

namespace strata {

namespace {

// As many as Linux follows in one path walk.
constexpr int links_max = 40;

using Layers = std::span<const LazyTree>;

/// What a stack of layers shows at one path.
struct Look {
  std::optional<RootfsView::Found> found;
  bool is_implied = false;  ///< no entry, but a directory
};

Look look_at(Layers layers, std::string_view path) {
  bool is_implied = path.empty();
  for (std::size_t i = layers.size(); i-- > 0;) {
    const LayerSays says = layer_says(*layers[i], path);
    if (says.entry != nullptr) {
      // A directory that a layer above implies has taken the place of anything else.
      if (is_implied && !says.entry->is_directory()) return {std::nullopt, true};
      return {RootfsView::Found{says.entry, i}, false};
    }
    is_implied = is_implied || says.is_implied;
    if (says.hides_lower) break;
  }
  return {std::nullopt, is_implied};
}

/// One step along a chain of hard links.
RootfsView::Found target_of(Layers layers, const RootfsView::Found& link) {
  const std::string& target = link.entry->rare->link;
  const Entry* own = layers[link.layer]->find(target);
  if (own != nullptr && !own->is_removal()) return {own, link.layer};
  if (const auto lower = look_at(layers.first(link.layer), target).found) return *lower;
  fail(ErrorKind::corrupt, "the hard link ", quoted(link.entry->path), " names ", quoted(target),
       ", which is neither in its layer nor below it");
}

/// The walk along a path, with what is still to be walked as a stack.
class PathWalk {
 public:
  PathWalk(const RootfsView& view, std::string_view path) : view_(view), path_(path) { push(path); }

  std::string run(RootfsView::LastComponent last) {
    while (!pending_.empty()) {
      const std::string component = std::move(pending_.back());
      pending_.pop_back();
      if (component == "..")
        resolved_ = parent_path(resolved_);
      else if (component != ".")
        step(component, last);
    }
    return std::move(resolved_);
  }

 private:
  void push(std::string_view path) {
    const auto components = path_components(path);
    pending_.insert(pending_.end(), components.rbegin(), components.rend());
  }

  void step(const std::string& component, RootfsView::LastComponent last) {
    std::string candidate = join_path(resolved_, component);
    const bool follows = !pending_.empty() || last == RootfsView::LastComponent::follow;
    const Entry* link = follows ? link_at(candidate) : nullptr;
    if (link == nullptr) {
      resolved_ = std::move(candidate);
      return;
    }
    if (++links_ > links_max)
      fail(ErrorKind::dockerfile, quoted(path_), " leads through more than ", links_max,
           " symbolic links, the last of them ", quoted(candidate));
    if (link->rare->link.starts_with('/')) resolved_.clear();
    push(link->rare->link);
  }

  const Entry* link_at(const std::string& path) const {
    const auto found = view_.find(path);
    if (!found) return nullptr;
    const Entry* entry = view_.file_of(*found).entry;
    return entry->type == EntryType::symlink ? entry : nullptr;
  }

  const RootfsView& view_;
  std::string path_;
  std::vector<std::string> pending_;
  std::string resolved_;
  int links_ = 0;
};

}  // namespace

std::optional<RootfsView::Found> RootfsView::find(std::string_view path) const {
  return look_at(layers_, path).found;
}

bool RootfsView::is_directory(std::string_view path) const {
  const Look look = look_at(layers_, path);
  return look.is_implied || (look.found && look.found->entry->is_directory());
}

bool RootfsView::exists(std::string_view path) const {
  const Look look = look_at(layers_, path);
  return look.is_implied || look.found;
}

std::string RootfsView::resolve(std::string_view path, LastComponent last) const {
  return PathWalk(*this, path).run(last);
}

std::vector<std::string> RootfsView::children(std::string_view directory) const {
  // For each name, what the topmost layer that decides about it says: visible or gone.
  std::map<std::string_view, bool> names;
  for (std::size_t i = layers_.size(); i-- > 0;) {
    ChildRuns runs(layers_[i]->below(directory), directory);
    for (auto run = runs.next(); !run.empty(); run = runs.next()) {
      const bool is_there = std::any_of(run.begin(), run.end(),
                                        [](const Entry& entry) { return !entry.is_removal(); });
      const Entry& first = run.front();
      const bool is_gone = first.type == EntryType::whiteout && first.path == runs.path();
      if (is_there || is_gone) names.try_emplace(runs.name(), is_there);
    }
    if (hides_below(*layers_[i], directory)) break;
  }
  std::vector<std::string> visible;
  for (const auto& [name, is_there] : names)
    if (is_there) visible.emplace_back(name);
  return visible;
}

RootfsView::Found RootfsView::file_of(const Found& found) const {
  Found target = found;
  for (int links = 0; target.entry->type == EntryType::hard_link; ++links) {
    if (links == links_max)
      fail(ErrorKind::corrupt, "the hard link ", quoted(found.entry->path),
           " leads to no file: its chain is longer than ", links_max, " or a loop");
    target = target_of(layers_, target);
    if (target.entry->is_directory())
      fail(ErrorKind::corrupt, "the hard link ", quoted(found.entry->path), " names the directory ",
           quoted(target.entry->path));
  }
  return target;
}

RootfsView RootfsView::with_layer(LazyTree tree) const {
  Trees layers = layers_;
  layers.push_back(std::move(tree));
  return RootfsView(std::move(layers));
}

}  // namespace strata
