#include "strata/content/file_types.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <span>

#include "content/capability.hpp"
#include "strata/base/error.hpp"
#include "strata/base/path.hpp"

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

/// getxattrat(2), which Linux has since 6.13 and no C library knows yet. Where it is missing, or
/// refused by the filter of a container that does not know it, a path through the open directory
/// leads there too, in three times the time.
ssize_t get_capability(int directory, const char* name, std::span<char> value) {
  constexpr long number = 464;
  struct {
    std::uint64_t value;
    std::uint32_t size;
    std::uint32_t flags;
  } wanted{reinterpret_cast<std::uintptr_t>(value.data()), static_cast<std::uint32_t>(value.size()),
           0};
  const long size = syscall(number, directory, name, AT_SYMLINK_NOFOLLOW, capability_name, &wanted,
                            sizeof wanted);
  if (size >= 0 || (errno != ENOSYS && errno != EPERM)) return size;
  const std::string path = cat("/proc/self/fd/", directory, "/", name);
  return lgetxattr(path.c_str(), capability_name, value.data(), value.size());
}

std::optional<std::string> find_capability(const Root& root, const std::string& path) {
  const std::string_view above = parent_path(path);
  const Fd directory =
      above.empty() ? Fd() : root.open_file(above, O_PATH | O_DIRECTORY, Links::keep);
  const std::string name(base_name(path));
  std::array<char, 64> value;
  const ssize_t size =
      get_capability(above.empty() ? root.fd() : directory.get(), name.c_str(), value);
  if (size >= 0) return std::string(value.data(), static_cast<std::size_t>(size));
  if (errno == ENODATA || errno == ENOTSUP) return std::nullopt;
  fail_errno("cannot read ", capability_name, " of ", quoted(path));
}

void read_device(const struct stat& info, Entry& entry) {
  entry.rare.edit().device_major = major(info.st_rdev);
  entry.rare.edit().device_minor = minor(info.st_rdev);
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
        entry.rare.edit().xattrs.push_back({capability_name, capability_v2(std::move(*value))});
      break;
    case EntryType::symlink:
      entry.rare.edit().link = root.read_link(path);
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
