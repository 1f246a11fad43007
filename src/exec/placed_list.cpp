#include "placed_list.hpp"

#include <algorithm>
#include <cstring>

#include "strata/base/path.hpp"

namespace strata::exec {

namespace {

constexpr std::size_t block_size = 64 << 10;

bool item_less(const PlacedItem& left, const PlacedItem& right) {
  return compare_paths(left.path, right.path) < 0;
}

/// Files come in order, so that most are behind all that is in a run.
bool is_behind(std::string_view path, const std::vector<PlacedItem>& run) {
  return run.empty() || compare_paths(run.back().path, path) < 0;
}

}  // namespace

std::string_view TextArena::keep(std::string_view text) {
  if (text.empty()) return {};
  if (text.size() > room_) {
    room_ = std::max(block_size, text.size());
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(room_));
  }
  // Blocks are filled from their ends, so that one number tells how full the last one is.
  char* const place = blocks_.back().get() + (room_ - text.size());
  std::memcpy(place, text.data(), text.size());
  room_ -= text.size();
  return {place, text.size()};
}

const PlacedItem* PlacedList::find(std::string_view path) const {
  for (const Run& run : runs_) {
    if (is_behind(path, run)) continue;
    const auto place = std::partition_point(run.begin(), run.end(), [&](const PlacedItem& item) {
      return compare_paths(item.path, path) < 0;
    });
    if (place->path == path) return &*place;
  }
  return nullptr;
}

PlacedItem* PlacedList::find(std::string_view path) {
  return const_cast<PlacedItem*>(std::as_const(*this).find(path));
}

void PlacedList::put(std::string_view path, PlacedItem item) {
  if (PlacedItem* there = find(path)) {
    item.path = there->path;
    *there = item;
    return;
  }
  item.path = texts_.keep(path);
  if (!is_behind(path, runs_.back())) begin_run();
  runs_.back().push_back(item);
}

void PlacedList::erase_within(std::string_view path) {
  for (Run& run : runs_)
    std::erase_if(run, [&](const PlacedItem& item) { return is_within(item.path, path); });
}

std::vector<PlacedItem>& PlacedList::sorted() {
  while (runs_.size() > 1) merge_last_two();
  return runs_.front();
}

/// Each run is more than twice as long as the next one, so there are few, and each item is merged
/// few times.
void PlacedList::begin_run() {
  while (runs_.size() > 1 && runs_[runs_.size() - 2].size() <= 2 * runs_.back().size())
    merge_last_two();
  runs_.emplace_back();
}

void PlacedList::merge_last_two() {
  Run last = std::move(runs_.back());
  runs_.pop_back();
  Run& run = runs_.back();
  const auto middle = static_cast<std::ptrdiff_t>(run.size());
  run.insert(run.end(), last.begin(), last.end());
  std::inplace_merge(run.begin(), run.begin() + middle, run.end(), item_less);
}

}  // namespace strata::exec
