#pragma once
/// Entries in one word each, and trees as text, for tests that read like a listing.

#include <cstdio>
#include <string>
#include <vector>

#include "strata/base/text.hpp"
#include "strata/content/tree.hpp"

namespace strata::test {

inline Entry entry_of(EntryType type, std::string path, std::uint32_t mode) {
  Entry entry;
  entry.path = std::move(path);
  entry.type = type;
  entry.mode = mode;
  return entry;
}

inline Entry file(std::string path, std::string_view bytes = "", std::uint32_t mode = 0644) {
  Entry entry = entry_of(EntryType::file, std::move(path), mode);
  entry.size = bytes.size();
  entry.content = ContentDigest(Digest::of(bytes));
  return entry;
}

inline Entry directory(std::string path, std::uint32_t mode = 0755) {
  return entry_of(EntryType::directory, std::move(path), mode);
}

inline Entry soft_link(std::string path, std::string target) {
  Entry entry = entry_of(EntryType::symlink, std::move(path), 0777);
  entry.rare.edit().link = std::move(target);
  return entry;
}

inline Entry hard_link(std::string path, std::string target) {
  Entry entry = entry_of(EntryType::hard_link, std::move(path), 0);
  entry.rare.edit().link = std::move(target);
  return entry;
}

inline Entry device(std::string path, std::uint32_t major, std::uint32_t minor) {
  Entry entry = entry_of(EntryType::character_device, std::move(path), 0600);
  entry.rare.edit().device_major = major;
  entry.rare.edit().device_minor = minor;
  return entry;
}

inline Entry whiteout(std::string path) {
  return entry_of(EntryType::whiteout, std::move(path), 0);
}
inline Entry opaque(std::string path) { return entry_of(EntryType::opaque, std::move(path), 0); }

/// One line that shows everything but the data offset, so that trees can be compared as text.
inline std::string line_of(const Entry& entry) {
  char mode[8];
  std::snprintf(mode, sizeof mode, "%04o", entry.mode);
  std::string line = cat('/', entry.path, " | ", entry.type, ' ', mode, ' ', entry.uid, ':',
                         entry.gid, " @", entry.mtime, " #", entry.size);
  if (!entry.rare->link.empty()) line += cat(" -> ", entry.rare->link);
  if (entry.rare->device_major != 0)
    line += cat(" dev ", entry.rare->device_major, ':', entry.rare->device_minor);
  for (const Xattr& xattr : entry.rare->xattrs)
    line += cat(' ', xattr.name, '=', to_hex(xattr.value));
  if (entry.content) line += cat(' ', entry.content->digest().short_hex());
  return line;
}

inline std::string text_of(const Tree& tree) {
  std::string text;
  for (const Entry& entry : tree.entries()) text += line_of(entry) + '\n';
  return text;
}

}  // namespace strata::test
