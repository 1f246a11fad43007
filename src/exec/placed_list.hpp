#pragma once
/// The list of what is placed so far, by path. A copy may have millions of entries, so each is a
/// pointer to what it is like and no entry yet, and no node of a map.

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "strata/content/entry.hpp"
#include "strata/content/file_origin.hpp"

namespace strata::exec {

struct Dressing;

/// An entry that is placed: as `like`, under a path of its own, dressed. All that is pointed to
/// outlives it.
struct PlacedItem {
  std::string_view path;
  const Entry* like = nullptr;
  const Dressing* dressing = nullptr;  ///< null if it stays as it is
  FileOrigin* origin = nullptr;        ///< of a regular file: who has its bytes; null for a text
  std::uint32_t layer = 0;             ///< of the origin's view, that has the bytes
  std::uint32_t content = 0;           ///< which of the contents that were asked for, from 1 on
  /// Whether what is placed elsewhere and like the same entry is another name of this file. False
  /// for what is a file of its own, as a second copy is.
  bool is_name = false;
  bool came_as_link = false;  ///< the origin has it as a hard link to `like`
  bool made = false;          ///< nobody's file: its time is given at the end
};

/// Texts that stay where they are until all go at once.
class TextArena {
 public:
  std::string_view keep(std::string_view text);

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t room_ = 0;  ///< left in the last block
};

/// No path twice. Most paths come in order, which is cheap: then the list is one sorted run. What
/// comes out of order begins another run; runs are merged so that there are never many.
class PlacedList {
 public:
  /// Makes room for so many more, to be taken at once.
  void reserve(std::size_t items) { runs_.back().reserve(runs_.back().size() + items); }
  /// Null if there is none. Good until the next change.
  PlacedItem* find(std::string_view path);
  const PlacedItem* find(std::string_view path) const;
  /// Adds an item under a path, of which it keeps a copy, in place of what is there.
  void put(std::string_view path, PlacedItem item);
  /// Removes everything at `path` and below.
  void erase_within(std::string_view path);

  /// All of them, sorted. What is put afterwards may undo that.
  std::vector<PlacedItem>& sorted();
  /// What the paths lie in, for whoever takes what `sorted` gives.
  TextArena take_texts() && { return std::move(texts_); }

 private:
  using Run = std::vector<PlacedItem>;

  void begin_run();
  void merge_last_two();

  std::vector<Run> runs_{1};
  TextArena texts_;
};

}  // namespace strata::exec
