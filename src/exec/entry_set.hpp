#pragma once
/// What a step is going to write: a layer's entries, as few bytes of each as will do to tell what
/// they are. A step that is found in the cache needs no more than their digest.

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "placed_list.hpp"
#include "strata/base/mode_change.hpp"
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

/// What becomes of a file's attributes where it is placed.
struct Dressing {
  std::optional<Owner> owner;          ///< nothing: whose it was
  std::optional<ModeChange> mode;      ///< not of symbolic links
  std::optional<std::int64_t> newest;  ///< no time is later (seconds since 1970)

  /// Attributes that layers do not carry go.
  void apply(Entry& entry) const;
};

/// An entry that no origin has, and the bytes if it is a regular file.
struct OwnEntry {
  Entry entry;
  std::string_view text = {};
};

/// What a placement has put together.
struct PlacedEntries {
  PlacedList list;
  std::deque<OwnEntry> own;
  std::deque<Dressing> dressings;
  /// Directories of the parent that something else took the place of.
  std::set<std::string> replaced;
};

/// What was placed is pointed to and must outlive it; it can be moved.
class EntrySet {
 public:
  EntrySet() = default;
  /// `made_time` is the time of what is nobody's. Of the names of one file the first becomes the
  /// file and the others hard links to it.
  EntrySet(PlacedEntries placed, std::int64_t made_time);

  /// Whether most of the bytes have to be read before their digests are known.
  bool is_mostly_unknown() const;
  /// Asks the origins for the digests that are not known.
  void ask_contents();
  /// Takes them from a layer that was written of `tree()`, and tells the origins.
  void learn_contents(const Tree& written);

  /// What tree_digest says of `tree()`, without that being made. All contents must be known.
  Digest digest(CompareTimes times) const;
  /// Each regular file has its content digest if it is known.
  Tree tree() const;
  /// Frees what only `tree` and `digest` need: after it only `bytes_of` may be asked.
  void forget_contents() { contents_ = {}; }
  /// Where the bytes of the regular file at `path` come from.
  FileBytes bytes_of(std::string_view path) const;

 private:
  /// What is not known, by the origin that has it.
  struct Unknown {
    std::vector<RootfsView::Found> files;
    std::vector<PlacedItem*> items;
  };

  static bool is_unknown(const PlacedItem& item);
  std::map<FileOrigin*, Unknown> unknown();
  void link_names();
  void take_contents(const std::vector<FileContent>& contents);
  void write(const PlacedItem& item, Entry& entry) const;
  bool is_replaced_directory(const PlacedItem& item) const;

  std::vector<PlacedItem> items_;  ///< sorted
  TextArena texts_;
  std::deque<OwnEntry> own_;
  std::deque<Dressing> dressings_;
  std::set<std::string> replaced_;
  std::vector<ContentDigest> contents_;  ///< by the items' numbers
  std::vector<std::string_view> kept_;   ///< by the same, or none: bytes that were kept, else empty
  std::unique_ptr<FileMemory> memory_;   ///< in which those lie
  std::unordered_map<const Entry*, std::string_view> own_texts_;
  std::int64_t made_time_ = 0;
};

}  // namespace strata::exec
