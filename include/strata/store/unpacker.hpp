#pragma once
/// Turns the entries of one layer, in the order of its blob, into an overlayfs lower directory.
///
/// The entries are somebody else's. Every name is made by an *at call in a directory that was
/// reached from the target without following a link, so nothing leaves the target and nothing is
/// written through a link that an earlier entry planted. What stands in the way of an entry is
/// removed, but for a directory in the way of a directory. Owner comes before mode and attributes,
/// because chown(2) clears setuid bits and capabilities; times of directories come last.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "strata/base/io.hpp"
#include "strata/base/path.hpp"
#include "strata/base/root.hpp"
#include "strata/content/entry.hpp"

namespace strata::store {

class Unpacker {
 public:
  /// `target` is an empty directory, borrowed.
  explicit Unpacker(const Root& target);

  void apply(const Entry& entry, Source* data);
  /// Makes the directories above `path` that are missing.
  void make_parents(std::string_view path) { enter(parent_path(path)); }
  /// One for another thread to apply entries below the same target that are no directories and
  /// whose parents are there. It is not to be finished.
  Unpacker beside() const { return Unpacker(target_, {}); }
  /// To be called after the last entry.
  void finish();

 private:
  struct IsBegun {};
  Unpacker(const Root& target, IsBegun) : target_(target) {}

  /// The directory at `path`, made with its parents if missing.
  const Root& enter(std::string_view path);
  Root enter_child(const Root& parent, const std::string& name, std::string_view path);
  void apply_to_target(const Entry& entry);
  void white_out(const Root& parent, const std::string& name);
  void make_directory(const Root& parent, const std::string& name, const Entry& entry);
  void make_file(const Root& parent, const std::string& name, const Entry& entry, Source* data);
  void make_other(const Root& parent, const std::string& name, const Entry& entry);
  void make_hard_link(const Root& parent, const std::string& name, const Entry& entry);
  void remove_existing(const Root& parent, const std::string& name, std::string_view path);

  const Root& here() const { return entered_.empty() ? target_ : entered_.back().directory; }

  struct Entered {
    std::string path;
    Root directory;
  };
  /// A path may have 2048 components; of the lower ones only the last is kept open.
  static constexpr std::size_t entered_max = 32;

  const Root& target_;
  std::vector<Entered> entered_;  ///< the directory entered last and those above it
  std::map<std::string, std::int64_t, PathLess> directory_times_;
};

}  // namespace strata::store
