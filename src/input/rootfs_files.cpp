#include "input/rootfs_files.hpp"

#include "input/entry_data.hpp"
#include "strata/base/error.hpp"

namespace strata::input {

namespace {

/// What a layer keeps of a file's attributes: capabilities, and what users themselves have set.
bool is_kept(const Xattr& xattr) {
  return xattr.name == "security.capability" ||
         (xattr.name.starts_with("user.") && !xattr.name.starts_with("user.overlay."));
}

Entry as_layer_entry(Entry entry, const std::optional<Time>& latest_mtime) {
  keep_xattrs(entry, is_kept);
  if (latest_mtime) entry.mtime = std::min(entry.mtime, to_unix_seconds(*latest_mtime));
  return entry;
}

using Entries = std::map<std::string, Entry, PathLess>;

Tree make_tree(Entries entries) {
  std::vector<Entry> list;
  list.reserve(entries.size());
  for (auto& [path, entry] : entries) list.push_back(std::move(entry));
  return Tree(std::move(list));
}

}  // namespace

RootfsFiles::RootfsFiles(store::Store& store, Source& tar, const std::string& what,
                         const std::optional<Time>& latest_mtime)
    : work_(store.make_work_directory()),
      bytes_(work_.root().fd(), 0600),
      reader_(bytes_.fd(), {}, Codec::none) {
  ArchiveReader archive(tar, what);
  EntryData data(archive);
  FdSink file(bytes_.fd());
  Entries entries;
  std::uint64_t end = 0;
  while (const auto next = archive.next()) {
    Entry entry = as_layer_entry(*next, latest_mtime);
    if (entry.is_file()) {
      offsets_[entry.path] = end;
      end += copy_all(data, file);
    } else if (const auto target = offsets_.find(entry.rare->link);
               entry.type == EntryType::hard_link && target != offsets_.end()) {
      offsets_[entry.path] = target->second;
    }
    entries.insert_or_assign(entry.path, std::move(entry));
  }
  if (entries.empty()) fail(ErrorKind::corrupt, what, " holds no files");
  tree_ = make_tree(std::move(entries));
}

std::unique_ptr<Source> RootfsFiles::open(const Entry& entry) const {
  return reader_.open(offsets_.at(entry.path), entry.size);
}

}  // namespace strata::input
