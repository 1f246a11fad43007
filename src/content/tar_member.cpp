#include "content/tar_member.hpp"

#include <limits>

#include "content/inside_root.hpp"
#include "content/limits.hpp"
#include "content/whiteout.hpp"
#include "strata/base/error.hpp"

namespace strata {

namespace {

constexpr std::string_view posix_magic{"ustar\0", 6};

/// Reads the fields of one member; every refusal names the member.
class MemberReader {
 public:
  MemberReader(const TarBlock& block, const TarExtensions& extensions)
      : block_(block), extensions_(extensions), name_(raw_name()) {}

  std::optional<Entry> entry() const {
    const std::string path = inside_root(name_, "a tar member");
    if (has_whiteout_component(path)) return removal(path);
    Entry entry;
    entry.path = path;
    entry.type = type();
    if (path.empty() && !entry.is_directory()) refuse(cat("it is the root, but a ", entry.type));
    if (entry.is_file()) entry.size = tar_data_size(block_, extensions_);
    if (!entry.is_file() && tar_data_size(block_, extensions_) != 0)
      refuse(cat("a ", entry.type, " has no data"));
    if (entry.type == EntryType::hard_link) {
      entry.rare.edit().link = hard_link_target();
      return entry;
    }
    read_attributes(entry);
    return entry;
  }

 private:
  [[noreturn]] void refuse(std::string_view why) const {
    fail(ErrorKind::corrupt, "the tar member ", quoted(name_), " is not acceptable: ", why);
  }

  std::string raw_name() const {
    if (auto path = extensions_.path()) return *std::move(path);
    std::string name(tar_text(block_, tar_field::name));
    const std::string_view magic(block_.data() + tar_field::magic.offset, posix_magic.size());
    // GNU's own format has other things where ustar has the prefix.
    const auto prefix = tar_text(block_, tar_field::prefix);
    if (magic != posix_magic || prefix.empty()) return name;
    return cat(prefix, '/', name);
  }

  char flag() const { return block_[tar_field::type.offset]; }

  EntryType type() const {
    switch (flag()) {
      case tar_type::old_file:
        return name_.ends_with('/') ? EntryType::directory : EntryType::file;
      case tar_type::file:
      case tar_type::contiguous_file:
        return EntryType::file;
      case tar_type::hard_link:
        return EntryType::hard_link;
      case tar_type::symlink:
        return EntryType::symlink;
      case tar_type::character_device:
        return EntryType::character_device;
      case tar_type::block_device:
        return EntryType::block_device;
      case tar_type::directory:
        return EntryType::directory;
      case tar_type::fifo:
        return EntryType::fifo;
      default:
        refuse(cat("its type is ", quoted(std::string(1, flag()))));
    }
  }

  // Names win over types: some old builders made whiteouts of other types than files.
  std::optional<Entry> removal(const std::string& path) const {
    const std::string_view directory = parent_path(path);
    const std::string_view name = base_name(path);
    if (path.starts_with(aufs_prefix) || path.find("/.wh..wh.") != path.npos) {
      if (name != opaque_base_name || has_whiteout_component(directory)) return std::nullopt;
      return removal_of(std::string(directory), EntryType::opaque);
    }
    if (has_whiteout_component(directory)) refuse("it lies below a whiteout");
    const std::string_view gone = name.substr(whiteout_prefix.size());
    if (gone.empty() || gone == "." || gone == "..") refuse("the whiteout names nothing");
    return removal_of(join_path(directory, gone), EntryType::whiteout);
  }

  static Entry removal_of(std::string path, EntryType type) {
    Entry entry;
    entry.path = std::move(path);
    entry.type = type;
    return entry;
  }

  std::string link_text() const {
    if (auto link = extensions_.link()) return *std::move(link);
    return std::string(tar_text(block_, tar_field::link));
  }

  std::string hard_link_target() const {
    std::string target = inside_root(link_text(), "a hard link's target");
    if (target.empty()) refuse("the hard link names no file");
    return target;
  }

  std::string symlink_text() const {
    std::string text = link_text();
    if (text.empty() || text.size() > path_size_max || text.find('\0') != text.npos)
      refuse("the symbolic link's text is empty, too long or not a text");
    return text;
  }

  void read_attributes(Entry& entry) const {
    const bool is_symlink = entry.type == EntryType::symlink;
    if (is_symlink) entry.rare.edit().link = symlink_text();
    entry.mode = is_symlink ? 0777 : number(tar_field::mode, "mode") & 07777;
    entry.uid = id("uid", tar_field::uid);
    entry.gid = id("gid", tar_field::gid);
    const auto mtime = extensions_.mtime();
    entry.mtime = mtime ? *mtime : field(tar_field::mtime, "mtime");
    if (entry.type == EntryType::character_device || entry.type == EntryType::block_device) {
      entry.rare.edit().device_major = number(tar_field::device_major, "device major");
      entry.rare.edit().device_minor = number(tar_field::device_minor, "device minor");
    }
    if (auto xattrs = extensions_.xattrs(); !xattrs.empty())
      entry.rare.edit().xattrs = std::move(xattrs);
  }

  std::int64_t field(TarField place, std::string_view what) const {
    if (const auto value = tar_number(block_, place)) return *value;
    refuse(cat("its ", what, " is no number"));
  }

  std::uint32_t number(TarField place, std::string_view what) const {
    const std::int64_t value = field(place, what);
    if (value < 0 || value > std::numeric_limits<std::uint32_t>::max())
      refuse(cat("its ", what, " is ", value));
    return static_cast<std::uint32_t>(value);
  }

  std::uint32_t id(std::string_view what, TarField place) const {
    const auto record = extensions_.number(what);
    const std::int64_t value = record ? *record : field(place, what);
    if (value < 0 || value > id_max) refuse(cat("its ", what, " is ", value));
    return static_cast<std::uint32_t>(value);
  }

  const TarBlock& block_;
  const TarExtensions& extensions_;
  std::string name_;
};

}  // namespace

std::uint64_t tar_data_size(const TarBlock& block, const TarExtensions& extensions) {
  const auto record = extensions.number("size");
  const auto value = record ? record : tar_number(block, tar_field::size);
  if (!value || *value < 0) fail(ErrorKind::corrupt, "a tar member's size is no number");
  return static_cast<std::uint64_t>(*value);
}

std::optional<Entry> tar_entry(const TarBlock& block, const TarExtensions& extensions) {
  return MemberReader(block, extensions).entry();
}

}  // namespace strata
