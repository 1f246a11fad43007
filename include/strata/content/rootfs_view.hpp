#pragma once
/// RootfsView: the trees of several layers laid over each other, still only data: what a process
/// would see if they were mounted. Used to resolve COPY's destination, to read /etc/passwd for
/// USER, for COPY --from, history and diff, without unpacking anything.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "strata/content/lazy_tree.hpp"

namespace strata {

/// Immutable and cheap to copy; safe to read from several threads. Trees that are still to be read
/// come with the first look at them, which throws what reading them throws.
class RootfsView {
 public:
  using Trees = std::vector<LazyTree>;

  /// Nothing but the root directory.
  RootfsView() = default;
  /// Lowest layer first.
  explicit RootfsView(Trees layers) : layers_(std::move(layers)) {}

  /// An entry that is visible, and the layer (0 = lowest) whose blob has its bytes.
  struct Found {
    const Entry* entry;
    std::size_t layer;
  };

  /// The visible entry of exactly this root path; links are not followed, and a path through a link
  /// is not found. A directory that no layer has an entry for but that holds something is
  /// `implicit`: see is_directory. The root is never found unless a layer has an entry for it.
  std::optional<Found> find(std::string_view path) const;

  /// True for the root, for a visible directory entry, and for a directory that exists only because
  /// something lies below it.
  bool is_directory(std::string_view path) const;
  bool exists(std::string_view path) const;

  /// Follows symbolic links inside the root, in all components (and in the last one if `last` says
  /// so). Components that do not exist are kept as they are. Throws Error dockerfile on a loop.
  enum class LastComponent { follow, keep };
  std::string resolve(std::string_view path, LastComponent last) const;

  /// Names in a directory, sorted; of a path that has been resolved.
  std::vector<std::string> children(std::string_view directory) const;

  /// Calls `visit` for every visible entry strictly below `directory`, in tree order.
  void walk(std::string_view directory, const std::function<void(const Found&)>& visit) const;

  /// What a hard link is another name of: an entry, nearly always a file, that is itself neither
  /// hard link nor directory. A link of a layer speaks of the files as that layer saw them: of its
  /// own, else of the layers below, even if this or a later layer has removed or replaced that name
  /// since. So the result need not be visible. Any other entry is returned as it is. Throws Error
  /// corrupt if the chain of links ends nowhere.
  Found file_of(const Found& found) const;

  const Trees& layers() const { return layers_; }
  /// One more layer on top.
  RootfsView with_layer(LazyTree tree) const;

  /// All visible entries as one tree without whiteouts. Data offsets are those of their own layers.
  /// Of the visible names of one file the first in tree order is the file and the others are hard
  /// links to it. Directories that are only implied stay so: nothing is invented.
  Tree flatten() const;

 private:
  Trees layers_;
};

}  // namespace strata
