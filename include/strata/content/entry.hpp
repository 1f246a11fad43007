#pragma once
/// One entry of a layer: a file, a directory, a link, a device, or the mark that something below
/// is gone. This is the tar entry as data, without its bytes.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "strata/content/digest.hpp"
#include "strata/content/rare.hpp"

namespace strata {

enum class EntryType : std::uint8_t {
  file,
  directory,
  symlink,
  hard_link,  ///< another name of the file at `link` in the same tree or a layer below
  character_device,
  block_device,
  fifo,
  whiteout,  ///< the name `path` of the layers below is gone ("dir/.wh.name" in the tar)
  opaque,    ///< all that the layers below have under the directory `path` is gone
};

/// "file", "directory", "symbolic link" …, for messages.
std::string to_string(EntryType type);

/// An extended attribute; values are bytes.
struct Xattr {
  std::string name;
  std::string value;
  friend auto operator<=>(const Xattr&, const Xattr&) = default;
};

/// What hardly any entry has.
struct RareAttributes {
  std::string link;  ///< a symbolic link's text as written; a hard link's target as a root path
  std::vector<Xattr> xattrs;  ///< sorted by name
  std::uint32_t device_major = 0;
  std::uint32_t device_minor = 0;
  friend bool operator==(const RareAttributes&, const RareAttributes&) = default;
};

/// Attributes that do not apply to a type hold their defaults (a link's mode is 0777, a hard link's
/// and a whiteout's mode, ids and time are 0). Trees have millions of entries, so they are small.
struct Entry {
  std::string path;        ///< root path (base/path.hpp); empty for the root directory itself
  std::int64_t mtime = 0;  ///< whole seconds since 1970
  std::uint64_t size = 0;  ///< bytes of a regular file
  /// Where a regular file's bytes begin in the layer's uncompressed tar; 0 if in no tar.
  std::uint64_t data_offset = 0;
  Rare<RareAttributes> rare;
  std::uint32_t mode = 0;  ///< permission, setuid, setgid and sticky bits: 0 to 07777
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  EntryType type = EntryType::file;
  std::optional<ContentDigest> content;  ///< of a regular file; absent only while not yet known

  bool is_directory() const { return type == EntryType::directory; }
  bool is_file() const { return type == EntryType::file; }
  /// Whiteout or opaque: it says what is not there.
  bool is_removal() const { return type == EntryType::whiteout || type == EntryType::opaque; }
};

/// Leaves an entry only those extended attributes of which `keeps` is true.
template <class Keeps>
void keep_xattrs(Entry& entry, Keeps keeps) {
  if (entry.rare->xattrs.empty()) return;
  std::erase_if(entry.rare.edit().xattrs, [&](const Xattr& xattr) { return !keeps(xattr); });
}

/// Which attributes count when two entries are compared. Times never tell content apart: a tool
/// that writes the same file again changes its mtime (see cache, early cut-off).
enum class CompareTimes { yes, no };

/// Equal but for `data_offset`.
bool same_entry(const Entry& left, const Entry& right, CompareTimes times);

/// What differs first between two entries of one path, in words: "content", "mode 0644 -> 0755",
/// "owner 0:0 -> 1000:1000", "link target" …; empty if nothing but times does.
std::string describe_difference(const Entry& before, const Entry& after);

}  // namespace strata
