#include "copy_set.hpp"

#include <algorithm>
#include <unordered_set>

#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::exec {

namespace {

/// The one extended attribute that layers carry.
constexpr std::string_view kept_xattr = "security.capability";
constexpr std::uint32_t inline_file_mode = 0644;
/// What of the files that must be read for the key is kept for the layer.
constexpr std::size_t file_memory_max = 96 << 20;

/// Directories that are made have the owner and, in so far as it is a number, the mode that is
/// asked for; its bits above the permissions are for what is copied.
MadeLook made_look(const CopyLook& look) {
  MadeLook made;
  if (look.owner) made.owner = *look.owner;
  if (look.mode && look.mode->absolute()) made.mode = *look.mode->absolute() & 0777;
  return made;
}

/// A source directory on its way to the destination. Names are paths below the destination.
struct Arrival {
  const CopySource& source;
  FileOrigin& origin;
  const std::string& destination;
  /// Directories that are there already.
  std::unordered_set<std::string> brought = {};

  /// Where the origin has what arrives as `name`.
  std::string source_path(std::string_view name) const {
    const std::size_t prefix = source.under.empty() ? 0 : source.under.size() + 1;
    return join_path(source.path, name.substr(prefix));
  }
};

class Copier {
 public:
  Copier(const plan::CopyFiles& copy, const RootfsView& parent, const CopyLook& look)
      : copy_(copy),
        look_(look),
        made_(made_look(look)),
        exclude_(copy.exclude),
        placement_(parent) {}

  void copy_source(const CopySource& source, FileOrigin& origin);
  void unpack(FileOrigin& archive);
  void write_inline(const plan::InlineFile& file);
  EntrySet finish() &&;

 private:
  std::string make_destination(const MadeLook& look);
  std::string destination_of_file(const std::string& name);
  void copy_directory(const CopySource& source, FileOrigin& origin);
  bool takes(const CopySource& source, std::string_view name) const;
  void bring_directory(Arrival& arrival, const std::string& name);
  void bring(Arrival& arrival, const RootfsView::Found& found, const std::string& name);
  void put(const RootfsView::Found& found, FileOrigin& origin, const std::string& path);
  /// Directories of an archive and where they have come to lie.
  using Landings = std::unordered_map<std::string, std::string>;
  std::string landing_of(const std::string& directory, Landings& landings);
  void unpack_entry(const RootfsView::Found& found, FileOrigin& archive, Landings& landings);

  PlacedEntry take(const RootfsView::Found& found, FileOrigin& origin, const std::string& path);
  void dress(Entry& entry) const;
  void note_time(Entry& entry);
  void fill_digests();

  const plan::CopyFiles& copy_;
  const CopyLook& look_;
  MadeLook made_;
  context::PathPatterns exclude_;
  Placement placement_;
  /// Visible names of files that were taken already: a second copy is a file of its own.
  std::unordered_set<const Entry*> taken_;
  std::int64_t newest_ = 0;
  std::unique_ptr<FileMemory> memory_ = std::make_unique<FileMemory>(file_memory_max);
};

/// The destination as a directory, made if it is not there.
std::string Copier::make_destination(const MadeLook& look) {
  std::string destination = placement_.resolve(copy_.destination);
  placement_.make_directories(destination, look);
  return destination;
}

std::string Copier::destination_of_file(const std::string& name) {
  std::string destination = placement_.resolve(copy_.destination);
  if (copy_.destination_is_directory || placement_.is_directory(destination)) {
    if (name.empty()) {
      fail(ErrorKind::dockerfile, quoted(copy_.destination),
           " is a directory, and the URL has no name for a file in it; give it one there");
    }
    placement_.make_directories(destination, made_);
    return join_path(destination, name);
  }
  placement_.make_directories(parent_path(destination), made_);
  return destination;
}

void Copier::copy_source(const CopySource& source, FileOrigin& origin) {
  if (source.is_directory) return copy_directory(source, origin);
  if (!copy_.keep_parents) return put(*source.found, origin, destination_of_file(source.name));
  const std::string destination = make_destination(made_);
  const std::string name = join_path(source.under, source.name);
  Arrival arrival{source, origin, destination};
  if (takes(source, name)) bring(arrival, *source.found, name);
}

/// Only what the directory holds is copied. The directory itself lends the destination its time.
void Copier::copy_directory(const CopySource& source, FileOrigin& origin) {
  const std::string destination = make_destination(made_);
  Arrival arrival{source, origin, destination};
  if (!source.only && takes(source, source.under)) bring_directory(arrival, source.under);
  const std::size_t prefix = source.path.empty() ? 0 : source.path.size() + 1;
  origin.view().walk(source.path, [&](const RootfsView::Found& found) {
    const std::string_view below = std::string_view(found.entry->path).substr(prefix);
    const std::string name = join_path(source.under, below);
    if (takes(source, name)) bring(arrival, found, name);
  });
  if (!source.found || !source.under.empty()) return;
  Entry top = *source.found->entry;
  note_time(top);
  placement_.set_time(destination, top.mtime);
}

bool Copier::takes(const CopySource& source, std::string_view name) const {
  return !exclude_.match(name) && (!source.only || source.only->match(name));
}

/// Puts the directory and those above it where they belong. They may have been passed over before:
/// what is taken of them brings them along. One that the origin only implies is made.
void Copier::bring_directory(Arrival& arrival, const std::string& name) {
  if (name.empty() || !arrival.brought.insert(name).second) return;
  bring_directory(arrival, std::string(parent_path(name)));
  const std::string path = join_path(arrival.destination, name);
  const CopySource& source = arrival.source;
  const bool is_above = is_within(source.under, name);
  const auto found = is_above ? source.parents[path_components(name).size() - 1]
                              : arrival.origin.view().find(arrival.source_path(name));
  if (found)
    put(*found, arrival.origin, path);
  else
    placement_.make_directories(path, made_);
}

void Copier::bring(Arrival& arrival, const RootfsView::Found& found, const std::string& name) {
  if (found.entry->is_directory()) return bring_directory(arrival, name);
  bring_directory(arrival, std::string(parent_path(name)));
  put(found, arrival.origin, join_path(arrival.destination, name));
}

void Copier::put(const RootfsView::Found& found, FileOrigin& origin, const std::string& path) {
  PlacedEntry placed = take(found, origin, path);
  if (look_.from_context) placed.entry.uid = placed.entry.gid = 0;
  dress(placed.entry);
  if (look_.mode && placed.entry.type != EntryType::symlink)
    placed.entry.mode = look_.mode->apply(placed.entry.mode, placed.entry.is_directory());
  placement_.put(std::move(placed), Clash::refuse);
}

void Copier::unpack(FileOrigin& archive) {
  const std::string destination = make_destination({made_.owner});
  Landings landings{{"", destination}};
  archive.view().walk(
      "", [&](const RootfsView::Found& found) { unpack_entry(found, archive, landings); });
}

/// Where the archive's `directory` has come to lie. One that the archive has no entry for may be a
/// link in the parent, which is then followed, as by tar; if it is missing it becomes root's.
std::string Copier::landing_of(const std::string& directory, Landings& landings) {
  if (const auto known = landings.find(directory); known != landings.end()) return known->second;
  const std::string above = landing_of(std::string(parent_path(directory)), landings);
  std::string landing = placement_.enter(join_path(above, base_name(directory)));
  placement_.make_directories(landing, {});
  return landings.emplace(directory, std::move(landing)).first->second;
}

void Copier::unpack_entry(const RootfsView::Found& found, FileOrigin& archive, Landings& landings) {
  const std::string& name = found.entry->path;
  const std::string above = landing_of(std::string(parent_path(name)), landings);
  const std::string path = join_path(above, base_name(name));
  PlacedEntry placed = take(found, archive, path);
  dress(placed.entry);
  if (placed.entry.is_directory()) landings.emplace(name, path);
  placement_.put(std::move(placed), Clash::replace);
}

void Copier::write_inline(const plan::InlineFile& file) {
  PlacedEntry placed;
  placed.entry.path = destination_of_file(file.name);
  placed.entry.mode = look_.mode ? look_.mode->apply(inline_file_mode, false) : inline_file_mode;
  placed.entry.uid = made_.owner.uid;
  placed.entry.gid = made_.owner.gid;
  placed.entry.size = file.content.size();
  placed.entry.content = ContentDigest(Digest::of(file.content));
  placed.bytes = std::string_view(file.content);
  placed.made = true;
  placement_.put(std::move(placed), Clash::refuse);
}

/// The entry as it arrives at `path`, with its origin's attributes.
PlacedEntry Copier::take(const RootfsView::Found& found, FileOrigin& origin,
                         const std::string& path) {
  const bool is_link = found.entry->type == EntryType::hard_link;
  const RootfsView::Found file = is_link ? origin.view().file_of(found) : found;
  PlacedEntry placed;
  placed.entry = *file.entry;
  placed.entry.path = path;
  if (placed.entry.is_file()) {
    placed.bytes = OriginFile{&origin, file};
    if (taken_.insert(found.entry).second) placed.inode = file.entry;
  }
  keep_xattrs(placed.entry, [](const Xattr& xattr) { return xattr.name == kept_xattr; });
  note_time(placed.entry);
  return placed;
}

void Copier::dress(Entry& entry) const {
  if (!look_.owner) return;
  entry.uid = look_.owner->uid;
  entry.gid = look_.owner->gid;
}

void Copier::note_time(Entry& entry) {
  if (look_.newest) entry.mtime = std::min(entry.mtime, *look_.newest);
  newest_ = std::max(newest_, entry.mtime);
}

/// One question to each origin for all its files, since it may have to read them.
void Copier::fill_digests() {
  std::map<FileOrigin*, std::vector<PlacedEntry*>> unknown;
  std::map<FileOrigin*, std::vector<RootfsView::Found>> files;
  for (auto& [path, item] : placement_.placed()) {
    const auto* bytes = std::get_if<OriginFile>(&item.bytes);
    if (!bytes || item.entry.content) continue;
    unknown[bytes->origin].push_back(&item);
    files[bytes->origin].push_back(bytes->file);
  }
  for (const auto& [origin, items] : unknown) {
    const auto contents = origin->contents(files[origin], *memory_);
    for (std::size_t i = 0; i < items.size(); ++i) {
      items[i]->entry.content = contents[i].digest;
      if (!contents[i].bytes.empty()) items[i]->bytes = contents[i].bytes;
    }
  }
}

EntrySet Copier::finish() && {
  fill_digests();
  EntrySet set = std::move(placement_).finish(look_.newest.value_or(newest_));
  set.memory = std::move(memory_);
  return set;
}

}  // namespace

EntrySet copy_set(const plan::CopyFiles& copy, std::span<const CopySource> sources,
                  FileOrigin* origin, const RootfsView& parent, const CopyLook& look,
                  const FindArchive& find_archive) {
  Copier copier(copy, parent, look);
  for (const CopySource& source : sources) {
    FileOrigin* archive = find_archive ? find_archive(source) : nullptr;
    if (archive)
      copier.unpack(*archive);
    else
      copier.copy_source(source, source.elsewhere ? *source.elsewhere : *origin);
  }
  for (const plan::InlineFile& file : copy.inline_files) copier.write_inline(file);
  return std::move(copier).finish();
}

}  // namespace strata::exec
