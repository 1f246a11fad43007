#pragma once
/// Placement: what a step is going to write into the file system it finds, entry by entry and still
/// only as data. It knows what stands where (what was placed so far over what the parent shows) and
/// carries along the directories above everything that is placed, as a layer has to.

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "strata/base/path.hpp"
#include "strata/content/file_origin.hpp"
#include "strata/content/tree.hpp"
#include "strata/exec/users.hpp"

namespace strata::exec {

/// A regular file of an origin, which outlives whoever holds this.
struct OriginFile {
  FileOrigin* origin;
  RootfsView::Found file;
};

/// Where the bytes of a regular file come from: nowhere for what is not one, an origin, or memory
/// that outlives whoever holds this, and in which they have the entry's content digest.
using FileBytes = std::variant<std::monostate, OriginFile, std::string_view>;

/// A layer's entries with the bytes of its regular files by path.
struct EntrySet {
  Tree tree;
  std::unordered_map<std::string, FileBytes> bytes;
  std::unique_ptr<FileMemory> memory;  ///< of those bytes that are nobody else's; null if none are
};

struct PlacedEntry {
  Entry entry;
  FileBytes bytes = {};
  /// Files with the same one are names of one file; null for a file that has no other name.
  const Entry* inode = nullptr;
  /// Nobody's file: its time is given by `finish`.
  bool made = false;
};

/// How directories look that nobody copies: those that have to be there for what is.
struct MadeLook {
  Owner owner = {};
  std::uint32_t mode = 0755;
};

/// What happens where a directory and something else claim one name.
enum class Clash {
  refuse,   ///< Error dockerfile
  replace,  ///< the newcomer wins, as in an archive laid over a directory
};

/// Paths are root paths in which no link is left (see `resolve`).
class Placement {
 public:
  /// `parent` must outlive the placement.
  explicit Placement(const RootfsView& parent) : parent_(parent) {}

  /// The path that `path` leads to when links are followed in the parent.
  std::string resolve(std::string_view path) const;
  /// The same for the last component alone, of a path whose others are no links; what was placed
  /// counts.
  std::string enter(const std::string& path) const;
  bool is_directory(std::string_view path) const;

  /// Makes `path` and what is missing above it. Error dockerfile if something else is in the way.
  void make_directories(std::string_view path, const MadeLook& look);
  /// Puts an entry where it says, in directories that exist.
  void put(PlacedEntry placed, Clash clash);
  /// Gives a directory that is placed already a time. The root has none.
  void set_time(std::string_view directory, std::int64_t mtime);

  using Placed = std::map<std::string, PlacedEntry, PathLess>;
  /// Entries to fill in, in order of their paths.
  Placed& placed() { return placed_; }

  /// What was placed, with `made_time` as the time of what is nobody's. Of the names of one file
  /// the first becomes the file and the others hard links to it.
  EntrySet finish(std::int64_t made_time) &&;

 private:
  Placed::const_iterator find_placed(std::string_view path) const;
  std::optional<EntryType> find_type(std::string_view path) const;
  bool is_shown(std::string_view path) const;
  void carry(std::string_view directory);

  const RootfsView& parent_;
  /// Names in directories of the parent, sorted. Most of what is placed is new, which one look into
  /// this tells, where the view would ask every layer about every file.
  mutable std::unordered_map<std::string, std::vector<std::string>> children_;
  Placed placed_;
  /// Directories of the parent that something else took the place of.
  std::set<std::string> replaced_;
};

}  // namespace strata::exec
