#include "placement.hpp"

#include <algorithm>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::exec {

namespace {

PlacedEntry made_directory(std::string_view path, const MadeLook& look) {
  PlacedEntry placed;
  placed.entry.path = path;
  placed.entry.type = EntryType::directory;
  placed.entry.mode = look.mode;
  placed.entry.uid = look.owner.uid;
  placed.entry.gid = look.owner.gid;
  placed.made = true;
  return placed;
}

/// Each file's later names become hard links to its first one.
void link_names(Placement::Placed& placed) {
  std::unordered_map<const Entry*, const std::string*> first_names;
  for (auto& [path, item] : placed) {
    if (!item.inode) continue;
    const auto [first, is_first] = first_names.try_emplace(item.inode, &path);
    if (is_first) continue;
    item = PlacedEntry{};
    item.entry.path = path;
    item.entry.type = EntryType::hard_link;
    item.entry.rare.edit().link = *first->second;
  }
}

}  // namespace

std::string Placement::resolve(std::string_view path) const {
  return parent_.resolve(path, RootfsView::LastComponent::follow);
}

std::string Placement::enter(const std::string& path) const {
  if (placed_.contains(path)) return path;
  const auto found = parent_.find(path);
  return found && found->entry->type == EntryType::symlink ? resolve(path) : path;
}

/// Files come in order, so that most are behind all that is placed.
Placement::Placed::const_iterator Placement::find_placed(std::string_view path) const {
  const bool is_behind = placed_.empty() || PathLess{}(placed_.rbegin()->first, path);
  return is_behind ? placed_.end() : placed_.find(path);
}

std::optional<EntryType> Placement::find_type(std::string_view path) const {
  if (const auto placed = find_placed(path); placed != placed_.end())
    return placed->second.entry.type;
  if (!is_shown(path)) return std::nullopt;
  const auto found = parent_.find(path);
  return found ? found->entry->type : EntryType::directory;
}

bool Placement::is_shown(std::string_view path) const {
  const auto [known, is_new] = children_.try_emplace(std::string(parent_path(path)));
  if (is_new) known->second = parent_.children(known->first);
  return std::binary_search(known->second.begin(), known->second.end(), base_name(path));
}

bool Placement::is_directory(std::string_view path) const {
  return path.empty() || find_type(path) == EntryType::directory;
}

void Placement::make_directories(std::string_view path, const MadeLook& look) {
  if (path.empty()) return;
  if (const auto placed = placed_.find(path);
      placed != placed_.end() && placed->second.entry.is_directory())
    return;
  make_directories(parent_path(path), look);
  const auto type = find_type(path);
  if (type && type != EntryType::directory)
    fail(ErrorKind::dockerfile, "cannot make the directory ", quoted(cat("/", path)),
         ": there is a ", to_string(*type), " of that name");
  if (type)
    carry(path);
  else
    placed_.try_emplace(std::string(path), made_directory(path, look));
}

/// A directory of the parent goes into the layer with the attributes that it has. One that no layer
/// says anything about is made by whoever unpacks, 0755 and root's: it becomes that in so many
/// words.
void Placement::carry(std::string_view directory) {
  PlacedEntry placed = made_directory(directory, {});
  if (const auto found = parent_.find(directory)) {
    placed.entry = *found->entry;
    placed.made = false;
  }
  placed_.try_emplace(std::string(directory), std::move(placed));
}

void Placement::put(PlacedEntry placed, Clash clash) {
  const std::string path = placed.entry.path;
  const auto type = find_type(path);
  const bool was_directory = type == EntryType::directory;
  const bool is_directory = placed.entry.is_directory();
  if (type && was_directory != is_directory) {
    if (clash == Clash::refuse && is_directory)
      fail(ErrorKind::dockerfile, "cannot copy a directory over the ", to_string(*type), " ",
           quoted(cat("/", path)));
    if (clash == Clash::refuse)
      fail(ErrorKind::dockerfile, "cannot copy a ", to_string(placed.entry.type),
           " over the directory ", quoted(cat("/", path)), "; end the destination in a slash to ",
           "copy into a directory, or remove this one in an earlier step");
  }
  if (was_directory && !is_directory) {
    if (parent_.is_directory(path)) replaced_.insert(path);
    std::erase_if(placed_, [&](const auto& item) { return is_within(item.first, path); });
  }
  placed_.insert_or_assign(placed_.end(), path, std::move(placed));
}

void Placement::set_time(std::string_view directory, std::int64_t mtime) {
  const auto placed = placed_.find(directory);
  if (placed == placed_.end()) return;
  placed->second.entry.mtime = mtime;
  placed->second.made = false;
}

EntrySet Placement::finish(std::int64_t made_time) && {
  link_names(placed_);
  EntrySet set;
  std::vector<Entry> entries;
  entries.reserve(placed_.size());
  set.bytes.reserve(placed_.size());
  // Each goes as it is taken: what it leaves has room for what is made of the next ones.
  for (auto placed = placed_.begin(); placed != placed_.end(); placed = placed_.erase(placed)) {
    auto& [path, item] = *placed;
    if (item.made) item.entry.mtime = made_time;
    item.entry.data_offset = 0;
    // A directory that stands where another was taken away must not show what that one held.
    if (item.entry.is_directory() && replaced_.contains(path)) {
      Entry opaque;
      opaque.path = path;
      opaque.type = EntryType::opaque;
      entries.push_back(std::move(opaque));
    }
    if (item.entry.is_file()) set.bytes.emplace(path, item.bytes);
    entries.push_back(std::move(item.entry));
  }
  set.tree = Tree(std::move(entries));
  return set;
}

}  // namespace strata::exec
