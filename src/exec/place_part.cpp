#include "place_part.hpp"

#include "sources.hpp"
#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
#include "strata/base/stop.hpp"
#include "strata/base/text.hpp"
#include "strata/content/hashing.hpp"
#include "strata/store/unpacker.hpp"

namespace strata::exec {

namespace {

/// The one extended attribute that layers carry.
constexpr std::string_view kept_xattr = "security.capability";

RootfsView::Found file_behind(const RootfsView& view, const RootfsView::Found& found) {
  return found.entry->type == EntryType::hard_link ? view.file_of(found) : found;
}

/// Gathers entries; the digests that are not known are asked for at once, since files may have to
/// be read for them.
class PartReader {
 public:
  PartReader(FileOrigin& files, Owners owners) : files_(files), owners_(owners) {}

  /// Another name of a file is a file here: what is seen in either is the same.
  void take(const RootfsView::Found& found, std::string name) {
    const RootfsView::Found file = file_behind(files_.view(), found);
    Entry entry = *file.entry;
    entry.path = std::move(name);
    if (owners_ == Owners::root) entry.uid = entry.gid = 0;
    keep_xattrs(entry, [](const Xattr& xattr) { return xattr.name == kept_xattr; });
    if (entry.is_file() && !entry.content) {
      unknown_.push_back(entries_.size());
      unknown_files_.push_back(file);
    }
    entries_.push_back(std::move(entry));
  }

  Tree finish() {
    const auto digests = files_.digests(unknown_files_);
    for (std::size_t i = 0; i < unknown_.size(); ++i) entries_[unknown_[i]].content = digests[i];
    return Tree(std::move(entries_));
  }

 private:
  FileOrigin& files_;
  Owners owners_;
  std::vector<Entry> entries_;
  std::vector<std::size_t> unknown_;  ///< in entries_
  std::vector<RootfsView::Found> unknown_files_;
};

std::string path_in_place(const PlacePart& part, const Entry& entry) {
  return part.is_directory ? join_path(part.path, entry.path) : part.path;
}

void write_file(FileOrigin& files, const PlacePart& part, const Entry& entry,
                store::Unpacker& unpacker) {
  const std::string path = path_in_place(part, entry);
  const auto found = files.view().find(path);
  if (!found) fail(ErrorKind::system, "/", path, " is no longer where it was found");
  const auto bytes = files.open(file_behind(files.view(), *found));
  HashingSource hashing(*bytes);
  unpacker.apply(entry, &hashing);
  if (ContentDigest(hashing.finish()) != entry.content)
    fail(ErrorKind::system, "/", path, " changed while it was being read; build again");
}

}  // namespace

PlacePart find_part(FileOrigin& files, const std::string& path, std::string_view where,
                    Owners owners) {
  const CopySource source = find_plain_source(path, files, where);
  PartReader reader(files, owners);
  if (source.found)
    reader.take(*source.found,
                source.is_directory ? std::string() : std::string(base_name(source.path)));
  if (source.is_directory) {
    const std::size_t prefix = source.path.empty() ? 0 : source.path.size() + 1;
    files.view().walk(source.path, [&](const RootfsView::Found& found) {
      reader.take(found, found.entry->path.substr(prefix));
    });
  }
  return {source.path, source.is_directory, reader.finish()};
}

void write_part(FileOrigin& files, const PlacePart& part, const Root& into,
                const std::stop_token& stop) {
  store::Unpacker unpacker(into);
  for (const Entry& entry : part.tree.entries()) {
    throw_if_stopped(stop);
    if (entry.is_file())
      write_file(files, part, entry, unpacker);
    else
      unpacker.apply(entry, nullptr);
  }
  unpacker.finish();
}

}  // namespace strata::exec
