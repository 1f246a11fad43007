#include "copy_set.hpp"

#include <algorithm>
#include <unordered_set>

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
#include "strata/base/text.hpp"

namespace strata::exec {

namespace {

constexpr std::uint32_t inline_file_mode = 0644;

/// Directories that are made have the owner and, in so far as it is a number, the mode that is
/// asked for; its bits above the permissions are for what is copied.
MadeLook made_look(const CopyLook& look) {
  MadeLook made;
  if (look.owner) made.owner = *look.owner;
  if (look.mode && look.mode->absolute()) made.mode = *look.mode->absolute() & 0777;
  return made;
}

/// Files of a context have no owner until they are given one.
Dressing copied_dressing(const CopyLook& look) {
  const auto nobodys = look.from_context ? std::optional(Owner{}) : std::nullopt;
  return {look.owner ? look.owner : nobodys, look.mode, look.newest};
}

/// A source directory on its way to the destination. Names are paths below the destination.
struct Arrival {
  const CopySource& source;
  FileOrigin& origin;
  const std::string& destination;
  /// Directories that are there already.
  std::unordered_set<std::string> brought = {};
  std::string last_above = {};  ///< where the last thing was brought to, if it was no directory

  /// Where the origin has what arrives as `name`.
  std::string source_path(std::string_view name) const {
    const std::size_t prefix = source.under.empty() ? 0 : source.under.size() + 1;
    return join_path(source.path, name.substr(prefix));
  }
};

class Copier {
 public:
  Copier(const plan::CopyFiles& copy, const RootfsView& parent, const CopyLook& look,
         std::size_t sources)
      : copy_(copy),
        look_(look),
        made_(made_look(look)),
        exclude_(copy.exclude),
        placement_(parent),
        copied_(placement_.keep(copied_dressing(look))),
        unpacked_(placement_.keep({look.owner, std::nullopt, look.newest})),
        has_many_sources_(sources > 1) {}

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
  void put(const RootfsView::Found& found, FileOrigin& origin, std::string_view path);
  /// Directories of an archive and where they have come to lie.
  using Landings = std::unordered_map<std::string, std::string>;
  std::string landing_of(const std::string& directory, Landings& landings);
  void unpack_entry(const RootfsView::Found& found, FileOrigin& archive, Landings& landings);

  PlacedItem take(const RootfsView::Found& found, FileOrigin& origin, const Dressing& dressing);
  bool is_first_copy(const RootfsView::Found& found);
  std::int64_t note_time(std::int64_t mtime);

  const plan::CopyFiles& copy_;
  const CopyLook& look_;
  MadeLook made_;
  context::PathPatterns exclude_;
  Placement placement_;
  const Dressing& copied_;
  const Dressing& unpacked_;
  bool has_many_sources_;
  /// Visible names of files that were taken already: a second copy is a file of its own. One source
  /// gives each of its names once, so that of it none is noted.
  std::unordered_set<const Entry*> taken_;
  std::optional<std::int64_t> oldest_;
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
  if (source.path.empty() && origin.view().layers().size() == 1)
    placement_.reserve(origin.view().layers().front()->entries().size());
  const std::size_t prefix = source.path.empty() ? 0 : source.path.size() + 1;
  origin.view().walk(source.path, [&](const RootfsView::Found& found) {
    const std::string_view below = std::string_view(found.entry->path).substr(prefix);
    const std::string name = join_path(source.under, below);
    if (takes(source, name)) bring(arrival, found, name);
  });
  if (!source.found || !source.under.empty()) return;
  placement_.set_time(destination, note_time(source.found->entry->mtime));
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
  if (const std::string_view above = parent_path(name); above != arrival.last_above) {
    arrival.last_above = above;
    bring_directory(arrival, arrival.last_above);
  }
  put(found, arrival.origin, join_path(arrival.destination, name));
}

void Copier::put(const RootfsView::Found& found, FileOrigin& origin, std::string_view path) {
  placement_.put(path, take(found, origin, copied_), Clash::refuse);
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
  const PlacedItem item = take(found, archive, unpacked_);
  if (item.like->is_directory()) landings.emplace(name, path);
  placement_.put(path, item, Clash::replace);
}

void Copier::write_inline(const plan::InlineFile& file) {
  Entry entry;
  entry.mode = look_.mode ? look_.mode->apply(inline_file_mode, false) : inline_file_mode;
  entry.uid = made_.owner.uid;
  entry.gid = made_.owner.gid;
  entry.size = file.content.size();
  entry.content = ContentDigest(Digest::of(file.content));
  placement_.put_own(destination_of_file(file.name), {std::move(entry), file.content},
                     Clash::refuse);
}

PlacedItem Copier::take(const RootfsView::Found& found, FileOrigin& origin,
                        const Dressing& dressing) {
  const bool is_link = found.entry->type == EntryType::hard_link;
  const RootfsView::Found file = is_link ? origin.view().file_of(found) : found;
  note_time(file.entry->mtime);
  PlacedItem item;
  item.like = file.entry;
  item.dressing = &dressing;
  if (!file.entry->is_file()) return item;
  item.origin = &origin;
  item.layer = static_cast<std::uint32_t>(file.layer);
  item.is_name = is_first_copy(found);
  item.came_as_link = is_link;
  return item;
}

bool Copier::is_first_copy(const RootfsView::Found& found) {
  return !has_many_sources_ || taken_.insert(found.entry).second;
}

/// Returns the time that a file has when it is copied.
std::int64_t Copier::note_time(std::int64_t mtime) {
  const std::int64_t time = look_.newest ? std::min(mtime, *look_.newest) : mtime;
  oldest_ = std::min(oldest_.value_or(time), time);
  return time;
}

/// What is made does not change when one of many sources does.
EntrySet Copier::finish() && {
  return std::move(placement_).finish(look_.newest.value_or(oldest_.value_or(0)));
}

}  // namespace

EntrySet copy_set(const plan::CopyFiles& copy, std::span<const CopySource> sources,
                  FileOrigin* origin, const RootfsView& parent, const CopyLook& look,
                  const FindArchive& find_archive) {
  Copier copier(copy, parent, look, sources.size());
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
