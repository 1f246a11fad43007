#include "content/link_groups.hpp"

#include <algorithm>
#include <unordered_map>

namespace strata {

namespace {

Entry link_to(const std::string& first, const std::string& path) {
  Entry link;
  link.path = path;
  link.type = EntryType::hard_link;
  link.rare.edit().link = first;
  return link;
}

/// The names of each file as they are passed one after another.
class LinkGroups {
 public:
  LinkGroups(const RootfsView& view, const std::vector<RootfsView::Found>& entries);

  /// The entry for each of them in turn.
  Entry entry_for(const RootfsView::Found& found);

 private:
  const RootfsView& view_;
  /// For each file that has hard links, its first name, once it has been passed.
  std::unordered_map<const Entry*, const std::string*> first_names_;
};

LinkGroups::LinkGroups(const RootfsView& view, const std::vector<RootfsView::Found>& entries)
    : view_(view) {
  for (const auto& found : entries)
    if (found.entry->type == EntryType::hard_link) first_names_[view.file_of(found).entry];
}

Entry LinkGroups::entry_for(const RootfsView::Found& found) {
  if (first_names_.empty()) return *found.entry;
  const Entry* file = view_.file_of(found).entry;
  const auto group = first_names_.find(file);
  if (group == first_names_.end()) return *found.entry;
  if (group->second != nullptr) return link_to(*group->second, found.entry->path);
  group->second = &found.entry->path;
  Entry first = *file;
  first.path = found.entry->path;
  return first;
}

}  // namespace

std::vector<Entry> in_link_order(const RootfsView& view,
                                 const std::vector<RootfsView::Found>& entries) {
  LinkGroups groups(view, entries);
  std::vector<Entry> ordered;
  ordered.reserve(entries.size());
  for (const auto& found : entries) ordered.push_back(groups.entry_for(found));
  return ordered;
}

std::vector<Entry> in_link_order(Tree tree) {
  const auto is_link = [](const Entry& entry) { return entry.type == EntryType::hard_link; };
  if (std::ranges::none_of(tree.entries(), is_link)) return std::move(tree).take_entries();
  const RootfsView view({borrow(tree)});
  std::vector<RootfsView::Found> entries;
  entries.reserve(tree.entries().size());
  for (const Entry& entry : tree.entries()) entries.push_back({&entry, 0});
  return in_link_order(view, entries);
}

}  // namespace strata
