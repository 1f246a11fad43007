#include "strata/content/tree.hpp"

#include <algorithm>

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"

namespace strata {

namespace {

bool entry_less(const Entry& left, const Entry& right) {
  const auto order = compare_paths(left.path, right.path);
  if (order != 0) return order < 0;
  return left.type != EntryType::opaque && right.type == EntryType::opaque;
}

// The first entry that is not ordered before `path`.
auto first_from(std::span<const Entry> entries, std::string_view path) {
  return std::partition_point(entries.begin(), entries.end(), [&](const Entry& entry) {
    return compare_paths(entry.path, path) < 0;
  });
}

// `first` and `second` stand side by side and have one path.
void check_pair(const Entry& first, const Entry& second) {
  if (first.is_directory() && second.type == EntryType::opaque) return;
  fail(ErrorKind::corrupt, "two entries have one path: ", quoted(first.path), " is a ", first.type,
       " and a ", second.type);
}

// A tree in which a file holds other files is none: whoever unpacks it would write through a link
// or not at all. What stands below a whiteout has come after it and is fine.
bool can_hold(const Entry& entry) { return entry.is_directory() || entry.is_removal(); }

void check_parents(const std::vector<Entry>& entries) {
  const Entry* leaf = nullptr;
  for (const Entry& entry : entries) {
    if (leaf != nullptr && is_within(entry.path, leaf->path))
      fail(ErrorKind::corrupt, quoted(entry.path), " lies below ", quoted(leaf->path),
           ", which is a ", leaf->type, " in the same layer");
    if (!can_hold(entry)) leaf = &entry;
  }
}

}  // namespace

Tree::Tree(std::vector<Entry> entries) : entries_(std::move(entries)) {
  if (!std::is_sorted(entries_.begin(), entries_.end(), entry_less))
    std::sort(entries_.begin(), entries_.end(), entry_less);
  for (std::size_t i = 1; i < entries_.size(); ++i)
    if (entries_[i - 1].path == entries_[i].path) check_pair(entries_[i - 1], entries_[i]);
  check_parents(entries_);
}

const Entry* Tree::find(std::string_view path) const {
  const auto place = first_from(entries_, path);
  const auto end = entries().end();
  if (place == end || place->path != path) return nullptr;
  return place->type == EntryType::opaque ? nullptr : &*place;
}

bool Tree::has_opaque(std::string_view path) const {
  auto place = first_from(entries_, path);
  const auto end = entries().end();
  if (place != end && place->path == path && place->type != EntryType::opaque) ++place;
  return place != end && place->path == path && place->type == EntryType::opaque;
}

std::span<const Entry> Tree::below(std::string_view path) const {
  const std::span<const Entry> all = entries_;
  auto begin = first_from(all, path);
  while (begin != all.end() && begin->path == path) ++begin;
  const auto end = std::partition_point(
      begin, all.end(), [&](const Entry& entry) { return is_within(entry.path, path); });
  return {begin, end};
}

std::uint64_t Tree::file_bytes() const {
  std::uint64_t sum = 0;
  for (const Entry& entry : entries_)
    if (entry.is_file()) sum += entry.size;
  return sum;
}

}  // namespace strata
