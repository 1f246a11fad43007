#include "entry_set.hpp"

#include <algorithm>
#include <map>

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
#include "strata/content/tree_digester.hpp"

namespace strata::exec {

namespace {

/// The one extended attribute that layers carry.
constexpr std::string_view kept_xattr = "security.capability";

/// What of the files that must be read for the key is kept for the layer.
constexpr std::size_t file_memory_max = 96 << 20;

/// A directory that stands where another was taken away must not show what that one held.
Entry opaque_mark(std::string_view path) {
  Entry opaque;
  opaque.path = path;
  opaque.type = EntryType::opaque;
  return opaque;
}

Entry hard_link_to(std::string_view first) {
  Entry link;
  link.type = EntryType::hard_link;
  link.rare.edit().link = first;
  return link;
}

}  // namespace

void Dressing::apply(Entry& entry) const {
  keep_xattrs(entry, [](const Xattr& xattr) { return xattr.name == kept_xattr; });
  if (owner) {
    entry.uid = owner->uid;
    entry.gid = owner->gid;
  }
  if (mode && entry.type != EntryType::symlink)
    entry.mode = mode->apply(entry.mode, entry.is_directory());
  if (newest) entry.mtime = std::min(entry.mtime, *newest);
}

EntrySet::EntrySet(PlacedEntries placed, std::int64_t made_time)
    : items_(std::move(placed.list.sorted())),
      texts_(std::move(placed.list).take_texts()),
      own_(std::move(placed.own)),
      dressings_(std::move(placed.dressings)),
      replaced_(std::move(placed.replaced)),
      made_time_(made_time) {
  for (const OwnEntry& own : own_)
    if (own.entry.is_file()) own_texts_.emplace(&own.entry, own.text);
  link_names();
}

/// Only a file of which one name came as a link can have another.
void EntrySet::link_names() {
  std::unordered_map<const Entry*, const PlacedItem*> first_names;
  for (const PlacedItem& item : items_)
    if (item.is_name && item.came_as_link) first_names.emplace(item.like, nullptr);
  if (first_names.empty()) return;
  for (PlacedItem& item : items_) {
    if (!item.is_name) continue;
    const auto first = first_names.find(item.like);
    if (first == first_names.end()) continue;
    if (first->second == nullptr) {
      first->second = &item;
      continue;
    }
    own_.push_back({hard_link_to(first->second->path)});
    item = PlacedItem{item.path, &own_.back().entry};
  }
}

bool EntrySet::is_unknown(const PlacedItem& item) {
  return item.content == 0 && item.origin != nullptr && !item.like->content;
}

bool EntrySet::is_mostly_unknown() const {
  std::uint64_t known = 0;
  std::uint64_t unknown = 0;
  for (const PlacedItem& item : items_)
    if (item.origin != nullptr) (is_unknown(item) ? unknown : known) += item.like->size;
  return unknown > known;
}

std::map<FileOrigin*, EntrySet::Unknown> EntrySet::unknown() {
  std::map<FileOrigin*, Unknown> unknown;
  for (PlacedItem& item : items_) {
    if (!is_unknown(item)) continue;
    Unknown& of_origin = unknown[item.origin];
    of_origin.files.push_back({item.like, item.layer});
    of_origin.items.push_back(&item);
  }
  return unknown;
}

/// One question to each origin for all its files, since it may have to read them.
void EntrySet::ask_contents() {
  const auto all = unknown();
  if (!all.empty()) memory_ = std::make_unique<FileMemory>(file_memory_max);
  for (const auto& [origin, of_origin] : all) {
    auto content = static_cast<std::uint32_t>(contents_.size());
    take_contents(origin->contents(of_origin.files, *memory_));
    for (PlacedItem* item : of_origin.items) item->content = ++content;
  }
}

void EntrySet::learn_contents(const Tree& written) {
  contents_.reserve(
      static_cast<std::size_t>(std::count_if(items_.begin(), items_.end(), is_unknown)));
  for (PlacedItem& item : items_) {
    if (!is_unknown(item)) continue;
    const RootfsView::Found file{item.like, item.layer};
    const ContentDigest digest = written.find(item.path)->content.value();
    item.origin->learn({&file, 1}, {&digest, 1});
    contents_.push_back(digest);
    item.content = static_cast<std::uint32_t>(contents_.size());
  }
}

void EntrySet::take_contents(const std::vector<FileContent>& contents) {
  kept_.resize(contents_.size());  // both have the same places from here on
  contents_.reserve(contents_.size() + contents.size());
  kept_.reserve(kept_.size() + contents.size());
  for (const FileContent& content : contents) {
    contents_.push_back(content.digest);
    kept_.push_back(content.bytes);
  }
}

void EntrySet::write(const PlacedItem& item, Entry& entry) const {
  entry = *item.like;
  entry.path = item.path;
  entry.data_offset = 0;
  if (item.dressing != nullptr) item.dressing->apply(entry);
  if (item.made) entry.mtime = made_time_;
  if (item.content != 0) entry.content = contents_[item.content - 1];
}

bool EntrySet::is_replaced_directory(const PlacedItem& item) const {
  return item.like->is_directory() && !replaced_.empty() &&
         replaced_.contains(std::string(item.path));
}

Digest EntrySet::digest(CompareTimes times) const {
  TreeDigester digester(times);
  Entry entry;
  for (const PlacedItem& item : items_) {
    write(item, entry);
    digester.add(entry);
    if (is_replaced_directory(item)) digester.add(opaque_mark(item.path));
  }
  return digester.finish();
}

Tree EntrySet::tree() const {
  std::vector<Entry> entries;
  entries.reserve(items_.size() + replaced_.size());
  for (const PlacedItem& item : items_) {
    write(item, entries.emplace_back());
    if (is_replaced_directory(item)) entries.push_back(opaque_mark(item.path));
  }
  return Tree(std::move(entries));
}

FileBytes EntrySet::bytes_of(std::string_view path) const {
  const auto item = std::partition_point(items_.begin(), items_.end(), [&](const PlacedItem& each) {
    return compare_paths(each.path, path) < 0;
  });
  if (item == items_.end() || item->path != path) return {};
  const std::size_t kept = item->content - 1;  // of 0: none
  if (kept < kept_.size() && !kept_[kept].empty()) return kept_[kept];
  if (item->origin != nullptr) return OriginFile{item->origin, {item->like, item->layer}};
  const auto text = own_texts_.find(item->like);
  return text == own_texts_.end() ? FileBytes() : FileBytes(text->second);
}

}  // namespace strata::exec
