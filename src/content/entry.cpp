#include "strata/content/entry.hpp"

#include <array>
#include <cstdio>
#include <tuple>

#include "strata/base/text.hpp"

namespace strata {

namespace {

auto ownership(const Entry& entry) { return std::tuple(entry.uid, entry.gid); }

auto device(const Entry& entry) {
  return std::tuple(entry.rare->device_major, entry.rare->device_minor);
}

std::string octal(std::uint32_t mode) {
  std::array<char, 16> text;
  std::snprintf(text.data(), text.size(), "%04o", mode);
  return text.data();
}

// The name of the first attribute that only one side has or that has two values.
std::string first_differing_xattr(const std::vector<Xattr>& before,
                                  const std::vector<Xattr>& after) {
  std::size_t i = 0;
  while (i < before.size() && i < after.size() && before[i] == after[i]) ++i;
  if (i == before.size()) return after[i].name;
  if (i == after.size()) return before[i].name;
  return std::min(before[i].name, after[i].name);
}

}  // namespace

std::string to_string(EntryType type) {
  switch (type) {
    case EntryType::file:
      return "file";
    case EntryType::directory:
      return "directory";
    case EntryType::symlink:
      return "symbolic link";
    case EntryType::hard_link:
      return "hard link";
    case EntryType::character_device:
      return "character device";
    case EntryType::block_device:
      return "block device";
    case EntryType::fifo:
      return "fifo";
    case EntryType::whiteout:
      return "whiteout";
    case EntryType::opaque:
      return "opaque mark";
  }
  return "unknown";
}

bool same_entry(const Entry& left, const Entry& right, CompareTimes times) {
  return left.path == right.path && left.type == right.type && left.mode == right.mode &&
         ownership(left) == ownership(right) && left.size == right.size &&
         left.content == right.content && left.rare == right.rare &&
         (times == CompareTimes::no || left.mtime == right.mtime);
}

std::string describe_difference(const Entry& before, const Entry& after) {
  if (before.type != after.type) return cat(before.type, " -> ", after.type);
  if (before.content != after.content) return "content";
  if (before.size != after.size) return cat("size ", before.size, " -> ", after.size);
  if (before.rare->link != after.rare->link)
    return cat("link target ", quoted(before.rare->link), " -> ", quoted(after.rare->link));
  if (before.mode != after.mode) return cat("mode ", octal(before.mode), " -> ", octal(after.mode));
  if (ownership(before) != ownership(after))
    return cat("owner ", before.uid, ':', before.gid, " -> ", after.uid, ':', after.gid);
  if (device(before) != device(after))
    return cat("device ", before.rare->device_major, ':', before.rare->device_minor, " -> ",
               after.rare->device_major, ':', after.rare->device_minor);
  if (before.rare->xattrs != after.rare->xattrs)
    return cat("extended attribute ",
               quoted(first_differing_xattr(before.rare->xattrs, after.rare->xattrs)));
  return {};
}

}  // namespace strata
