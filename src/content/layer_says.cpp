#include "content/layer_says.hpp"

#include <algorithm>

#include "strata/base/path.hpp"

namespace strata {

namespace {

bool is_real(const Entry& entry) { return !entry.is_removal(); }

// The next prefix of `path` that ends at a component, longer than `size`; npos after the whole.
std::size_t next_component_end(std::string_view path, std::size_t size) {
  return path.find('/', size + 1);
}

// A file, link or whiteout at `path`: nothing of the layers below shows there or further down.
bool is_barrier(const Entry& entry) { return !entry.is_directory(); }

}  // namespace

bool holds_something(const Tree& layer, std::string_view path) {
  const auto below = layer.below(path);
  return std::any_of(below.begin(), below.end(), is_real);
}

bool hides_below(const Tree& layer, std::string_view directory) {
  // From the root down: an opaque mark or a barrier on any directory on the way is enough.
  std::size_t size = 0;
  for (;;) {
    const std::string_view ancestor = directory.substr(0, size);
    const Entry* entry = layer.find(ancestor);
    if ((entry != nullptr && is_barrier(*entry)) || layer.has_opaque(ancestor)) return true;
    if (size == directory.size()) return false;
    size = std::min(next_component_end(directory, size), directory.size());
  }
}

LayerSays layer_says(const Tree& layer, std::string_view path) {
  LayerSays says;
  const Entry* entry = layer.find(path);
  if (entry != nullptr && is_real(*entry)) {
    says.entry = entry;
    return says;
  }
  says.is_implied = holds_something(layer, path);
  says.hides_lower = entry != nullptr || (!path.empty() && hides_below(layer, parent_path(path)));
  return says;
}

ChildRuns::ChildRuns(std::span<const Entry> below, std::string_view directory)
    : rest_(below), name_begin_(directory.empty() ? 0 : directory.size() + 1) {}

std::span<const Entry> ChildRuns::next() {
  if (rest_.empty()) return {};
  const std::string_view path = rest_.front().path;
  path_ = path.substr(0, path.find('/', name_begin_));
  // Most names are files, so the end is looked for from here on in growing steps.
  const auto is_in_run = [this](const Entry& entry) { return is_within(entry.path, path_); };
  std::size_t step = 1;
  while (step < rest_.size() && is_in_run(rest_[step])) step *= 2;
  const auto near = rest_.subspan(step / 2, std::min(step, rest_.size()) - step / 2);
  const auto end = std::partition_point(near.begin(), near.end(), is_in_run);
  const auto run = rest_.first(step / 2 + static_cast<std::size_t>(end - near.begin()));
  rest_ = rest_.subspan(run.size());
  return run;
}

}  // namespace strata
