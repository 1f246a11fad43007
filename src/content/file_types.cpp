#include "strata/content/file_types.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include <array>
#include <cstring>

#include "content/capability.hpp"
#include "strata/base/error.hpp"

namespace strata {

namespace {

struct TypeBits {
  EntryType type;
  mode_t bits;
};

constexpr std::array<TypeBits, 6> type_table{{
    {EntryType::file, S_IFREG},
    {EntryType::directory, S_IFDIR},
    {EntryType::symlink, S_IFLNK},
    {EntryType::character_device, S_IFCHR},
    {EntryType::block_device, S_IFBLK},
    {EntryType::fifo, S_IFIFO},
}};

constexpr const char* capability_name = "security.capability";

// The kernel has one call to read attributes by descriptor, and it refuses O_PATH ones. Through
// /proc/self/fd a path leads to exactly the file that is open, whatever its name leads to by now.
std::optional<std::string> find_capability(const Root& root, const std::string& path) {
  const Fd file = root.open_file(path, O_PATH | O_NOFOLLOW, Links::keep);
  const std::string link = cat("/proc/self/fd/", file.get());
  std::array<char, 64> value;
  const ssize_t size = getxattr(link.c_str(), capability_name, value.data(), value.size());
  if (size >= 0) return std::string(value.data(), static_cast<std::size_t>(size));
  if (errno == ENODATA || errno == ENOTSUP) return std::nullopt;
  fail_errno("cannot read ", capability_name, " of ", quoted(path));
}

void read_device(const struct stat& info, Entry& entry) {
  entry.device_major = major(info.st_rdev);
  entry.device_minor = minor(info.st_rdev);
}

}  // namespace

std::optional<EntryType> entry_type_of(mode_t mode) {
  for (const TypeBits& row : type_table)
    if ((mode & S_IFMT) == row.bits) return row.type;
  return std::nullopt;
}

mode_t file_type_bits(EntryType type) {
  for (const TypeBits& row : type_table)
    if (row.type == type) return row.bits;
  fail(ErrorKind::system, "a ", type, " cannot be made by its type alone");
}

std::string capability_v2(std::string value) {
  std::uint32_t magic = 0;
  if (value.size() < sizeof magic) return value;
  std::memcpy(&magic, value.data(), sizeof magic);
  const bool is_v3 =
      (magic & VFS_CAP_REVISION_MASK) == VFS_CAP_REVISION_3 && value.size() == XATTR_CAPS_SZ_3;
  if (!is_v3) return value;
  magic = (magic & ~VFS_CAP_REVISION_MASK) | VFS_CAP_REVISION_2;
  std::memcpy(value.data(), &magic, sizeof magic);
  value.resize(XATTR_CAPS_SZ_2);
  return value;
}

std::optional<Entry> entry_of_file(const Root& root, const std::string& path,
                                   const struct stat& info) {
  const auto type = entry_type_of(info.st_mode);
  if (!type) return std::nullopt;
  Entry entry;
  entry.path = path;
  entry.type = *type;
  entry.mode = *type == EntryType::symlink ? 0777 : info.st_mode & 07777;
  entry.uid = info.st_uid;
  entry.gid = info.st_gid;
  entry.mtime = info.st_mtim.tv_sec;
  switch (*type) {
    case EntryType::file:
      entry.size = static_cast<std::uint64_t>(info.st_size);
      if (auto value = find_capability(root, path))
        entry.xattrs.push_back({capability_name, capability_v2(std::move(*value))});
      break;
    case EntryType::symlink:
      entry.link = root.read_link(path);
      break;
    case EntryType::character_device:
    case EntryType::block_device:
      read_device(info, entry);
      break;
    default:
      break;
  }
  return entry;
}

}  // namespace strata
