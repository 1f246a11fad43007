#include "context/listing.hpp"

#include <cerrno>
#include <utility>

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
#include "strata/content/file_types.hpp"

namespace strata::context {

namespace {

[[noreturn]] void fail_unreadable(const Error& error, const std::string& path) {
  Error denied(error.kind(), cat("cannot read the directory ", quoted(path),
                                 " of the build context: ", error.message()));
  throw denied.note("a directory that the image does not need can be listed in .dockerignore");
}

/// Nothing for sockets and for a file that has vanished.
std::optional<Fresh> look_at(const Root& directory, const std::string& name,
                             const struct stat& info) {
  Fresh fresh{stamp_of(info)};
  auto entry = entry_of_file(directory, name, info);
  if (!entry) return std::nullopt;
  if (entry->is_file() && entry->rare->xattrs.empty()) return fresh;
  // Whoever owns the files here says nothing about the image (reference §1.6 "Metadata").
  entry->uid = entry->gid = 0;
  fresh.special = std::make_unique<Entry>(std::move(*entry));
  return fresh;
}

/// Nothing happens for what the rules exclude, for sockets, and for a file that has vanished.
void add_child(const Walk& walk, const Root& directory,
               const dockerfile::IgnoreRules::Inside& inside, const std::string& name,
               StatIndex::Rows& rows, Listing& listing) {
  const std::string path = join_path(listing.path, name);
  Child child;
  child.excluded = walk.rules.excludes(inside, path);
  if (child.excluded && !walk.rules.may_include_below(path)) return;
  struct stat info {};
  if (fstatat(directory.fd(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return;
    fail_errno("cannot look at ", quoted(path));
  }
  if (child.excluded && !S_ISDIR(info.st_mode)) return;
  const bool is_file = S_ISREG(info.st_mode);
  child.has_other_names = is_file && info.st_nlink > 1;
  if (const auto row = is_file ? rows.find(name, stamp_of(info)) : std::nullopt) {
    child.row = row->place;
  } else {
    auto fresh = look_at(directory, name, info);
    if (!fresh) return;
    child.fresh = static_cast<std::uint32_t>(listing.fresh.size());
    listing.fresh.push_back(std::move(*fresh));
  }
  child.name = static_cast<std::uint32_t>(listing.names.size());
  listing.names.append(name).push_back('\0');
  listing.children.push_back(child);
}

void add_children(const Walk& walk, const Root& directory, Listing& listing) {
  const auto inside = walk.rules.enter(listing.path);
  auto rows = walk.index.rows_in(listing.path);
  const auto names = names_in(directory.fd());
  listing.children.reserve(names.size());
  for (const auto& name : names) add_child(walk, directory, inside, name, rows, listing);
}

/// Fills in what a directory holds. One that has vanished since it was seen has nothing.
void look_into(const Walk& walk, Listing& listing) {
  try {
    auto directory = walk.root.find_file(listing.path, O_RDONLY | O_DIRECTORY, Links::keep);
    if (directory) add_children(walk, Root(std::move(*directory)), listing);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::denied) fail_unreadable(error, listing.path);
    throw;
  }
}

bool is_directory(const Listing& listing, const Child& child) {
  return child.row == 0 && S_ISDIR(listing.fresh[child.fresh].stamp.mode);
}

}  // namespace

/// Level by level, so that directories side by side are looked into on all threads.
std::vector<Listing> list_all(const Walk& walk, WorkerPool& pool) {
  std::vector<Listing> listings(1);
  for (std::size_t begin = 0; begin < listings.size();) {
    const std::size_t end = listings.size();
    pool.for_each_index(end - begin, [&](std::size_t i) { look_into(walk, listings[begin + i]); });
    for (; begin < end; ++begin) {
      for (std::size_t i = 0; i < listings[begin].children.size(); ++i) {
        Child& child = listings[begin].children[i];
        if (!is_directory(listings[begin], child)) continue;
        child.listing = static_cast<std::uint32_t>(listings.size());
        Listing below;
        below.path = join_path(listings[begin].path, listings[begin].name_of(child));
        listings.push_back(std::move(below));
      }
    }
  }
  return listings;
}

}  // namespace strata::context
