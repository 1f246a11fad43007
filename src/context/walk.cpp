#include "context/walk.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "context/listing.hpp"
#include "strata/base/path.hpp"

namespace strata::context {

namespace {

/// The entry of a regular file, without a look at the file.
Entry regular_file_entry(const FileStamp& stamp) {
  Entry entry;
  entry.type = EntryType::file;
  entry.mode = stamp.mode & 07777;
  entry.mtime = floor_seconds(stamp.modified);
  entry.size = stamp.size;
  return entry;
}

Entry remembered_entry(const IndexRow& row) {
  Entry entry = regular_file_entry(row.stamp);
  if (!row.capability.empty())
    entry.rare.edit().xattrs.push_back({"security.capability", std::string(row.capability)});
  entry.content = row.content;
  return entry;
}

Entry hard_link_entry(std::string path, std::string target) {
  Entry entry;
  entry.path = std::move(path);
  entry.type = EntryType::hard_link;
  entry.rare.edit().link = std::move(target);
  return entry;
}

/// Puts what was found in order. Each directory's content is right behind it: with names in order,
/// that is the order of paths. No path is longer than 4096 bytes, so neither is the recursion
/// deeper. A listing goes when it is done.
class InOrder {
 public:
  InOrder(std::vector<Listing> listings, const StatIndex& index)
      : listings_(std::move(listings)), index_(index) {
    std::size_t count = 0;
    std::size_t fresh = 0;
    for (const Listing& listing : listings_) {
      count += listing.children.size();
      fresh += listing.fresh.size();
    }
    walked_.entries.reserve(count);
    walked_.facts.reserve(count, fresh);
    append(0);
  }

  Walked take() && { return std::move(walked_); }
  /// Places of directories that the rules exclude.
  const std::vector<std::size_t>& excluded() const { return excluded_; }

 private:
  void append(std::size_t number) {
    Listing listing = std::exchange(listings_[number], {});
    for (const Child& child : listing.children) {
      if (child.excluded) excluded_.push_back(walked_.entries.size());
      Entry entry = child.row != 0 ? remembered(child) : looked_at(listing.fresh[child.fresh]);
      entry.path = join_path(listing.path, listing.name_of(child));
      if (child.has_other_names) mark_hard_link(entry);
      walked_.entries.push_back(std::move(entry));
      if (child.listing != 0) append(child.listing);
    }
  }

  Entry remembered(const Child& child) {
    const IndexRow row = index_.row_at(child.row);
    if (row.content)
      walked_.facts.add_row(child.row);
    else
      walked_.facts.add_seen({row.stamp, true});
    stamp_ = row.stamp;
    return remembered_entry(row);
  }

  Entry looked_at(Fresh& fresh) {
    walked_.facts.add_seen({fresh.stamp, false});
    stamp_ = fresh.stamp;
    return fresh.special ? std::move(*fresh.special) : regular_file_entry(fresh.stamp);
  }

  /// The second and further names of a file become hard links to its first.
  void mark_hard_link(Entry& entry) {
    const auto inode = std::make_pair(stamp_.device, stamp_.inode);
    const auto [first, is_first] = first_names_.emplace(inode, entry.path);
    if (!is_first) entry = hard_link_entry(std::move(entry.path), first->second);
  }

  std::vector<Listing> listings_;
  const StatIndex& index_;
  Walked walked_;
  std::vector<std::size_t> excluded_;
  FileStamp stamp_;  ///< of the file at work
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::string> first_names_;
};

/// Places of excluded directories with nothing in them, in order. In a sorted list what
/// lies below a directory comes right after it, so the one behind it that stays tells.
std::vector<std::size_t> empty_excluded(const std::vector<Entry>& entries,
                                        const std::vector<std::size_t>& excluded) {
  std::vector<std::size_t> empty;
  std::size_t behind = entries.size();
  for (auto place = excluded.rbegin(); place != excluded.rend(); ++place) {
    if (empty.empty() || empty.back() != *place + 1) behind = *place + 1;
    const bool holds_something =
        behind < entries.size() && is_within(entries[behind].path, entries[*place].path);
    if (!holds_something) empty.push_back(*place);
  }
  std::reverse(empty.begin(), empty.end());
  return empty;
}

template <class Item>
void erase_places(std::vector<Item>& items, const std::vector<std::size_t>& places) {
  auto place = places.begin();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (place != places.end() && *place == i)
      ++place;
    else if (kept++ != i)
      items[kept - 1] = std::move(items[i]);
  }
  items.resize(kept);
}

}  // namespace

void WalkedFacts::add_seen(const Seen& seen) {
  places_.push_back(seen_bit | static_cast<std::uint32_t>(seen_.size()));
  seen_.push_back(seen);
}

std::uint32_t WalkedFacts::row(std::size_t file) const {
  return (places_[file] & seen_bit) != 0 ? 0 : places_[file];
}

void WalkedFacts::erase(const std::vector<std::size_t>& files) { erase_places(places_, files); }

Walked walk(const Root& root, const dockerfile::IgnoreRules& rules, const StatIndex& index,
            WorkerPool& pool) {
  InOrder in_order(list_all({root, rules, index}, pool), index);
  Walked walked = std::move(in_order).take();
  if (const auto empty = empty_excluded(walked.entries, in_order.excluded()); !empty.empty()) {
    erase_places(walked.entries, empty);
    walked.facts.erase(empty);
  }
  return walked;
}

}  // namespace strata::context
