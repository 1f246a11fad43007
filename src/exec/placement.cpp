#include "placement.hpp"

#include <algorithm>

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
#include "strata/base/text.hpp"

namespace strata::exec {

namespace {

Entry made_directory(const MadeLook& look) {
  Entry entry;
  entry.type = EntryType::directory;
  entry.mode = look.mode;
  entry.uid = look.owner.uid;
  entry.gid = look.owner.gid;
  return entry;
}

}  // namespace

std::string Placement::resolve(std::string_view path) const {
  return parent_.resolve(path, RootfsView::LastComponent::follow);
}

std::string Placement::enter(const std::string& path) const {
  if (placed_.list.find(path) != nullptr) return path;
  const auto found = parent_.find(path);
  return found && found->entry->type == EntryType::symlink ? resolve(path) : path;
}

std::optional<EntryType> Placement::find_type(std::string_view path) const {
  if (const PlacedItem* placed = placed_.list.find(path)) return placed->like->type;
  if (!is_shown(path)) return std::nullopt;
  const auto found = parent_.find(path);
  return found ? found->entry->type : EntryType::directory;
}

bool Placement::is_shown(std::string_view path) const {
  const std::string_view directory = parent_path(path);
  if (last_children_ == nullptr || last_children_->first != directory) {
    const auto [known, is_new] = children_.try_emplace(std::string(directory));
    if (is_new) known->second = parent_.children(known->first);
    last_children_ = &*known;
  }
  return std::ranges::binary_search(last_children_->second, base_name(path));
}

bool Placement::is_directory(std::string_view path) const {
  return path.empty() || find_type(path) == EntryType::directory;
}

void Placement::make_directories(std::string_view path, const MadeLook& look) {
  if (path.empty()) return;
  const PlacedItem* placed = placed_.list.find(path);
  if (placed != nullptr && placed->like->is_directory()) return;
  make_directories(parent_path(path), look);
  const auto type = find_type(path);
  if (type && type != EntryType::directory)
    fail(ErrorKind::dockerfile, "cannot make the directory ", quoted(cat("/", path)),
         ": there is a ", to_string(*type), " of that name");
  if (type)
    carry(path);
  else
    placed_.list.put(path, own_item({made_directory(look)}, true));
}

/// A directory of the parent goes into the layer with the attributes that it has. One that no layer
/// says anything about is made by whoever unpacks, 0755 and root's: it becomes that in so many
/// words.
void Placement::carry(std::string_view directory) {
  if (placed_.list.find(directory) != nullptr) return;
  const auto found = parent_.find(directory);
  Entry entry = found ? *found->entry : made_directory({});
  placed_.list.put(directory, own_item({std::move(entry)}, !found));
}

PlacedItem Placement::own_item(OwnEntry own, bool made) {
  placed_.own.push_back(std::move(own));
  PlacedItem item;
  item.like = &placed_.own.back().entry;
  item.made = made;
  return item;
}

void Placement::put_own(std::string_view path, OwnEntry own, Clash clash) {
  put(path, own_item(std::move(own), true), clash);
}

void Placement::put(std::string_view path, const PlacedItem& item, Clash clash) {
  const auto type = find_type(path);
  const bool was_directory = type == EntryType::directory;
  const bool is_directory = item.like->is_directory();
  if (type && was_directory != is_directory) {
    if (clash == Clash::refuse && is_directory)
      fail(ErrorKind::dockerfile, "cannot copy a directory over the ", to_string(*type), " ",
           quoted(cat("/", path)));
    if (clash == Clash::refuse)
      fail(ErrorKind::dockerfile, "cannot copy a ", to_string(item.like->type),
           " over the directory ", quoted(cat("/", path)), "; end the destination in a slash to ",
           "copy into a directory, or remove this one in an earlier step");
  }
  if (was_directory && !is_directory) {
    if (parent_.is_directory(path)) placed_.replaced.emplace(path);
    placed_.list.erase_within(path);
  }
  placed_.list.put(path, item);
}

void Placement::set_time(std::string_view directory, std::int64_t mtime) {
  PlacedItem* const placed = placed_.list.find(directory);
  if (placed == nullptr) return;
  Entry entry = *placed->like;
  if (placed->dressing != nullptr) placed->dressing->apply(entry);
  entry.mtime = mtime;
  PlacedItem timed = own_item({std::move(entry)}, false);
  timed.path = placed->path;
  *placed = timed;
}

const Dressing& Placement::keep(Dressing dressing) {
  return placed_.dressings.emplace_back(std::move(dressing));
}

EntrySet Placement::finish(std::int64_t made_time) && { return {std::move(placed_), made_time}; }

}  // namespace strata::exec
