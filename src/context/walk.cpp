#include "context/walk.hpp"

#include <algorithm>
#include <cerrno>
#include <map>
#include <utility>

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
#include "strata/content/file_types.hpp"

namespace strata::context {

namespace {

constexpr const char* capability_name = "security.capability";

struct Found {
  Entry entry;
  WalkedFacts facts;
  /// A directory that the rules exclude but that may hold something they include.
  bool excluded = false;
  std::size_t listing = 0;  ///< of a directory: where what it holds is
};

struct Listing {
  std::string path;
  std::vector<Found> children;  ///< sorted by name
};

/// What is constant during one walk.
struct Walk {
  const Root& root;
  const dockerfile::IgnoreRules& rules;
  const StatIndex& index;
};

std::vector<Found> take_children(const Walk& walk, const Root& directory, const std::string& path);

[[noreturn]] void fail_unreadable(const Error& error, const std::string& path) {
  Error denied(error.kind(), cat("cannot read the directory ", quoted(path),
                                 " of the build context: ", error.message()));
  throw denied.note("a directory that the image does not need can be listed in .dockerignore");
}

/// The files of one directory. One that has vanished since it was seen has none.
std::vector<Found> look_into(const Walk& walk, const std::string& path) {
  try {
    const auto directory = walk.root.find_file(path, O_RDONLY | O_DIRECTORY, Links::keep);
    if (!directory) return {};
    return take_children(walk, Root(duplicate(directory->get())), path);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::denied) fail_unreadable(error, path);
    throw;
  }
}

/// The entry of a regular file, without a look at the file.
Entry remembered_entry(const struct stat& info, const IndexRow& row) {
  Entry entry;
  entry.type = EntryType::file;
  entry.mode = info.st_mode & 07777;
  entry.mtime = info.st_mtim.tv_sec;
  entry.size = static_cast<std::uint64_t>(info.st_size);
  if (!row.capability.empty()) {
    entry.rare.edit().xattrs.push_back({capability_name, std::string(row.capability)});
  }
  entry.content = row.content;
  return entry;
}

std::optional<Entry> make_entry(const Root& directory, const std::string& name,
                                const struct stat& info, const std::optional<IndexRow>& row) {
  if (row) return remembered_entry(info, *row);
  return entry_of_file(directory, name, info);
}

/// Nothing for what the rules exclude, for sockets, and for a file that has vanished.
std::optional<Found> find_child(const Walk& walk, const Root& directory,
                                const dockerfile::IgnoreRules::Inside& inside,
                                const std::string& name, const std::string& path) {
  Found found;
  found.excluded = walk.rules.excludes(inside, path);
  if (found.excluded && !walk.rules.may_include_below(path)) return std::nullopt;
  struct stat info {};
  if (fstatat(directory.fd(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return std::nullopt;
    fail_errno("cannot look at ", quoted(path));
  }
  if (found.excluded && !S_ISDIR(info.st_mode)) return std::nullopt;
  const FileStamp stamp = stamp_of(info);
  const bool is_file = S_ISREG(info.st_mode);
  const auto row = is_file ? walk.index.find(path, stamp) : std::nullopt;
  auto entry = make_entry(directory, name, info, row);
  if (!entry) return std::nullopt;
  entry->path = path;
  // Whoever owns the files here says nothing about the image (reference §1.6 "Metadata").
  entry->uid = entry->gid = 0;
  found.entry = std::move(*entry);
  found.facts = {stamp, row.has_value(), is_file && info.st_nlink > 1};
  return found;
}

std::vector<Found> take_children(const Walk& walk, const Root& directory, const std::string& path) {
  const auto inside = walk.rules.enter(path);
  std::vector<Found> children;
  for (const auto& name : directory.list("")) {
    auto child = find_child(walk, directory, inside, name, join_path(path, name));
    if (child) children.push_back(std::move(*child));
  }
  return children;
}

/// What each directory holds, the root's first. Level by level, so that directories side by side
/// are looked into on all threads.
std::vector<Listing> list_all(const Walk& walk, WorkerPool& pool) {
  std::vector<Listing> listings(1);
  for (std::size_t begin = 0; begin < listings.size();) {
    const std::size_t end = listings.size();
    pool.for_each_index(end - begin, [&](std::size_t i) {
      Listing& listing = listings[begin + i];
      listing.children = look_into(walk, listing.path);
    });
    for (; begin < end; ++begin) {
      for (std::size_t i = 0; i < listings[begin].children.size(); ++i) {
        Found& child = listings[begin].children[i];
        if (!child.entry.is_directory()) continue;
        child.listing = listings.size();
        listings.push_back({child.entry.path, {}});
      }
    }
  }
  return listings;
}

/// What was found, in order: `excluded` has the places of directories that the rules exclude.
struct Ordered {
  Walked walked;
  std::vector<std::size_t> excluded;
};

/// Each directory's content right behind it: with names in order, that is the order of paths. No
/// path is longer than 4096 bytes, so neither is the recursion deeper. A listing goes when it is
/// done: of a million files it is half of all that is remembered here.
void append_in_order(std::vector<Listing>& listings, std::size_t index, Ordered& all) {
  for (Found& found : std::exchange(listings[index].children, {})) {
    if (found.excluded) all.excluded.push_back(all.walked.entries.size());
    all.walked.entries.push_back(std::move(found.entry));
    all.walked.facts.push_back(found.facts);
    if (found.listing != 0) append_in_order(listings, found.listing, all);
  }
}

Ordered in_order(std::vector<Listing> listings) {
  std::size_t count = 0;
  for (const Listing& listing : listings) count += listing.children.size();
  Ordered all;
  all.walked.entries.reserve(count);
  all.walked.facts.reserve(count);
  append_in_order(listings, 0, all);
  return all;
}

/// Places of excluded directories with nothing in them, the last one first. In a sorted list what
/// lies below a directory comes right after it, so the one behind it that stays tells.
std::vector<std::size_t> empty_excluded(const Ordered& all) {
  const auto& entries = all.walked.entries;
  std::vector<std::size_t> empty;
  std::size_t behind = entries.size();
  for (auto place = all.excluded.rbegin(); place != all.excluded.rend(); ++place) {
    if (empty.empty() || empty.back() != *place + 1) behind = *place + 1;
    const bool holds_something =
        behind < entries.size() && is_within(entries[behind].path, entries[*place].path);
    if (!holds_something) empty.push_back(*place);
  }
  return empty;
}

template <class Item>
void erase_places(std::vector<Item>& items, const std::vector<std::size_t>& last_first) {
  auto place = last_first.rbegin();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (place != last_first.rend() && *place == i)
      ++place;
    else if (kept++ != i)
      items[kept - 1] = std::move(items[i]);
  }
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(kept), items.end());
}

Entry hard_link_entry(std::string path, std::string target) {
  Entry entry;
  entry.path = std::move(path);
  entry.type = EntryType::hard_link;
  entry.rare.edit().link = std::move(target);
  return entry;
}

void mark_hard_links(Walked& walked) {
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::string> first_names;
  for (std::size_t i = 0; i < walked.entries.size(); ++i) {
    if (!walked.facts[i].has_other_names) continue;
    Entry& entry = walked.entries[i];
    const auto inode = std::make_pair(walked.facts[i].stamp.device, walked.facts[i].stamp.inode);
    const auto [first, is_first] = first_names.emplace(inode, entry.path);
    if (!is_first) entry = hard_link_entry(entry.path, first->second);
  }
}

}  // namespace

Walked walk(const Root& root, const dockerfile::IgnoreRules& rules, const StatIndex& index,
            WorkerPool& pool) {
  Ordered all = in_order(list_all({root, rules, index}, pool));
  if (const auto empty = empty_excluded(all); !empty.empty()) {
    erase_places(all.walked.entries, empty);
    erase_places(all.walked.facts, empty);
  }
  mark_hard_links(all.walked);
  return std::move(all.walked);
}

}  // namespace strata::context
