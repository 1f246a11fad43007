#include "upper_diff.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "strata/base/path.hpp"

namespace strata::exec {

namespace {

using Found = RootfsView::Found;

/// The one extended attribute that layers keep.
constexpr std::string_view kept_xattr = "security.capability";

class UpperDiffer {
 public:
  UpperDiffer(const std::vector<UpperFile>& files, const RootfsView& parent,
              std::optional<std::int64_t> newest, const DigestFile& digest_file)
      : files_(files),
        parent_(parent),
        newest_(newest),
        digest_file_(digest_file),
        said_(files.size(), false) {}

  Tree diff() &&;

 private:
  void look_at(std::size_t index);
  void expand_opaque(const UpperFile& directory);
  void keep_names_together();
  void say_parents();
  Entry entry_said(std::size_t index) const;

  bool is_unchanged(const Entry& entry) const;
  bool has_same_names(const std::vector<std::size_t>& names) const;
  std::optional<Found> parents_file(std::string_view path) const;
  std::int64_t clamp(std::int64_t mtime) const;

  const std::vector<UpperFile>& files_;
  const RootfsView& parent_;
  std::optional<std::int64_t> newest_;
  const DigestFile& digest_file_;

  std::vector<bool> said_;
  /// Removed paths.
  std::set<std::string> whiteouts_;
  /// The nearest directory above the current file that hides what the parent has in it.
  std::string hidden_below_;
  bool hides_ = false;
  std::map<std::pair<dev_t, ino_t>, std::vector<std::size_t>> names_;
};

std::int64_t UpperDiffer::clamp(std::int64_t mtime) const {
  return newest_ ? std::min(mtime, *newest_) : mtime;
}

/// What the parent shows at a path; for a hard link the file that it names.
std::optional<Found> UpperDiffer::parents_file(std::string_view path) const {
  auto found = parent_.find(path);
  if (found && found->entry->type == EntryType::hard_link) found = parent_.file_of(*found);
  return found;
}

/// Content is compared last and only if nothing else differs, but always then: equal size and time
/// do not make equal bytes.
bool UpperDiffer::is_unchanged(const Entry& entry) const {
  const auto found = parents_file(entry.path);
  if (!found) return false;
  Entry before = *found->entry;
  before.path = entry.path;
  // Foreign layers may carry more, which the files on disk do not.
  keep_xattrs(before, [](const Xattr& xattr) { return xattr.name == kept_xattr; });
  Entry now = entry;
  now.content = before.content;
  if (before.mtime == clamp(now.mtime)) now.mtime = before.mtime;
  if (!same_entry(before, now, CompareTimes::yes)) return false;
  return !now.is_file() || digest_file_(now.path) == before.content;
}

/// True if the parent has all of them as names of one file too.
bool UpperDiffer::has_same_names(const std::vector<std::size_t>& names) const {
  std::set<const Entry*> files;
  for (const std::size_t index : names) {
    const auto found = parents_file(files_[index].entry.path);
    files.insert(found ? found->entry : nullptr);
  }
  return files.size() == 1;
}

void UpperDiffer::look_at(std::size_t index) {
  const UpperFile& file = files_[index];
  const std::string& path = file.entry.path;
  if (file.is_absence()) {
    if (parent_.exists(path)) whiteouts_.insert(path);
    return;
  }
  if (hides_ && !is_within(path, hidden_below_)) hides_ = false;
  if (file.opaque && !hides_) {
    hides_ = true;
    hidden_below_ = path;
  }
  if (hides_ && file.entry.is_directory()) expand_opaque(file);
  if (file.inode.second != 0) names_[file.inode].push_back(index);
  said_[index] = !is_unchanged(file.entry);
}

/// Children that were made again are taken out of the set when the whole of the upper directory is
/// known.
void UpperDiffer::expand_opaque(const UpperFile& directory) {
  const std::string& path = directory.entry.path;
  if (!parent_.is_directory(path)) return;
  for (const std::string& name : parent_.children(path)) whiteouts_.insert(join_path(path, name));
}

void UpperDiffer::keep_names_together() {
  for (const auto& [inode, names] : names_) {
    const bool any_said =
        std::any_of(names.begin(), names.end(), [&](std::size_t index) { return said_[index]; });
    if (!any_said && has_same_names(names)) continue;
    for (const std::size_t index : names) said_[index] = true;
  }
}

/// Removed paths need their directories said as well.
void UpperDiffer::say_parents() {
  std::set<std::string, PathLess> directories;
  const auto add_above = [&](std::string_view path) {
    for (auto above = parent_path(path); !above.empty(); above = parent_path(above))
      if (!directories.insert(std::string(above)).second) return;
  };
  for (const std::string& path : whiteouts_) add_above(path);
  for (std::size_t i = 0; i < files_.size(); ++i)
    if (said_[i]) add_above(files_[i].entry.path);
  for (std::size_t i = 0; i < files_.size(); ++i)
    if (directories.contains(files_[i].entry.path)) said_[i] = true;
}

/// Of the names of one file the first is the file and the others lead to it.
Entry UpperDiffer::entry_said(std::size_t index) const {
  Entry entry = files_[index].entry;
  entry.mtime = clamp(entry.mtime);
  const auto names = names_.find(files_[index].inode);
  if (names == names_.end() || names->second.front() == index) return entry;
  Entry link;
  link.path = std::move(entry.path);
  link.type = EntryType::hard_link;
  link.rare.edit().link = files_[names->second.front()].entry.path;
  return link;
}

Tree UpperDiffer::diff() && {
  for (std::size_t i = 0; i < files_.size(); ++i) look_at(i);
  for (const UpperFile& file : files_)
    if (!file.is_absence()) whiteouts_.erase(file.entry.path);
  keep_names_together();
  say_parents();

  std::vector<Entry> entries;
  for (std::size_t i = 0; i < files_.size(); ++i)
    if (said_[i]) entries.push_back(entry_said(i));
  for (const std::string& path : whiteouts_) {
    Entry whiteout;
    whiteout.path = path;
    whiteout.type = EntryType::whiteout;
    entries.push_back(std::move(whiteout));
  }
  return Tree(std::move(entries));
}

}  // namespace

Tree diff_upper(const std::vector<UpperFile>& files, const RootfsView& parent,
                std::optional<std::int64_t> newest, const DigestFile& digest_file) {
  return UpperDiffer(files, parent, newest, digest_file).diff();
}

}  // namespace strata::exec
