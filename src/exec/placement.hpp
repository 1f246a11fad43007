#pragma once
/// Placement: what a step is going to write into the file system it finds, entry by entry and still
/// only as data. It knows what stands where (what was placed so far over what the parent shows) and
/// carries along the directories above everything that is placed, as a layer has to.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "entry_set.hpp"

namespace strata::exec {

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

  /// Makes room for so many entries, to be put one after the other.
  void reserve(std::size_t entries) { placed_.list.reserve(entries); }

  /// The path that `path` leads to when links are followed in the parent.
  std::string resolve(std::string_view path) const;
  /// The same for the last component alone, of a path whose others are no links; what was placed
  /// counts.
  std::string enter(const std::string& path) const;
  bool is_directory(std::string_view path) const;

  /// Makes `path` and what is missing above it. Error dockerfile if something else is in the way.
  void make_directories(std::string_view path, const MadeLook& look);
  /// Puts what an origin has at a path, in directories that exist.
  void put(std::string_view path, const PlacedItem& item, Clash clash);
  /// Puts what no origin has at a path; it counts as nobody's.
  void put_own(std::string_view path, OwnEntry own, Clash clash);
  /// Gives a directory that is placed already a time. The root has none.
  void set_time(std::string_view directory, std::int64_t mtime);
  /// Keeps a dressing for items to point to.
  const Dressing& keep(Dressing dressing);

  /// What was placed, with `made_time` as the time of what is nobody's.
  EntrySet finish(std::int64_t made_time) &&;

 private:
  std::optional<EntryType> find_type(std::string_view path) const;
  bool is_shown(std::string_view path) const;
  void carry(std::string_view directory);
  PlacedItem own_item(OwnEntry own, bool made);

  const RootfsView& parent_;
  /// Names in directories of the parent, sorted. Most of what is placed is new, which one look into
  /// this tells, where the view would ask every layer about every file.
  mutable std::unordered_map<std::string, std::vector<std::string>> children_;
  /// The one asked for last, which is nearly always asked for again.
  mutable const std::pair<const std::string, std::vector<std::string>>* last_children_ = nullptr;
  PlacedEntries placed_;
};

}  // namespace strata::exec
