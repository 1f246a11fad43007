#include "content/tar_headers.hpp"

#include <algorithm>

#include "content/pax.hpp"
#include "content/whiteout.hpp"
#include "strata/base/error.hpp"
#include "strata/base/path.hpp"

namespace strata {

namespace {

char type_flag(EntryType type) {
  switch (type) {
    case EntryType::file:
    case EntryType::whiteout:
    case EntryType::opaque:
      return tar_type::file;
    case EntryType::directory:
      return tar_type::directory;
    case EntryType::symlink:
      return tar_type::symlink;
    case EntryType::hard_link:
      return tar_type::hard_link;
    case EntryType::character_device:
      return tar_type::character_device;
    case EntryType::block_device:
      return tar_type::block_device;
    case EntryType::fifo:
      return tar_type::fifo;
  }
  fail(ErrorKind::system, "an entry has no known type");
}

std::string name_in_tar(const Entry& entry) {
  switch (entry.type) {
    case EntryType::whiteout:
      return whiteout_name(entry.path);
    case EntryType::opaque:
      return opaque_name(entry.path);
    case EntryType::directory:
      return entry.path.empty() ? "./" : entry.path + '/';
    default:
      return entry.path;
  }
}

void check_name(const Entry& entry) {
  if (entry.is_removal() || !has_whiteout_component(entry.path)) return;
  fail(ErrorKind::usage, "no layer can hold ", quoted(entry.path),
       ": names that begin with \".wh.\" say in a layer that a file is gone; rename it");
}

// ustar text is ASCII by the standard; Go's writer puts the rest into pax records, and so do we.
bool is_ascii(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char byte) { return (byte & 0x80) != 0; });
}

// For readers that know no pax, and for libarchive, which may lose a link whose field is empty: as
// much of the text as fits, with its foreign letters crossed out.
std::string stand_in(std::string_view text, TarField field) {
  std::string shown(text.substr(0, field.size));
  std::replace_if(
      shown.begin(), shown.end(), [](char byte) { return (byte & 0x80) != 0; }, '_');
  return shown;
}

/// A header being made, and the pax records for what it cannot say.
class EntryHeader {
 public:
  explicit EntryHeader(const Entry& entry) : entry_(entry), name_(name_in_tar(entry)) {
    header_.put_type(type_flag(entry.type));
    header_.put_octal(tar_field::mode, entry.mode & 07777);
    put_devices();
    // The records stand in the order of their keywords.
    for (const Xattr& xattr : entry.rare->xattrs) put_xattr(xattr);
    put_number("gid", tar_field::gid, entry.gid);
    put_link();
    put_mtime();
    put_name();
    if (entry.is_file()) put_number("size", tar_field::size, entry.size);
    if (!entry.is_file()) header_.put_octal(tar_field::size, 0);
    put_number("uid", tar_field::uid, entry.uid);
  }

  const std::string& pax_records() const { return records_; }
  std::string_view finish() { return header_.finish(); }

 private:
  void put_number(std::string_view keyword, TarField field, std::uint64_t value) {
    const bool fits = value <= octal_max(field);
    header_.put_octal(field, fits ? value : 0);
    if (!fits) append_pax_record(records_, keyword, std::to_string(value));
  }

  void put_mtime() {
    const auto seconds = static_cast<std::uint64_t>(entry_.mtime);
    const bool fits = entry_.mtime >= 0 && seconds <= octal_max(tar_field::mtime);
    header_.put_octal(tar_field::mtime, fits ? seconds : 0);
    if (!fits) append_pax_record(records_, "mtime", std::to_string(entry_.mtime));
  }

  void put_devices() {
    for (const std::uint32_t number : {entry_.rare->device_major, entry_.rare->device_minor})
      if (number > octal_max(tar_field::device_major))
        fail(ErrorKind::usage, "no layer can hold ", quoted(entry_.path), ": its device number ",
             number, " is too large");
    header_.put_octal(tar_field::device_major, entry_.rare->device_major);
    header_.put_octal(tar_field::device_minor, entry_.rare->device_minor);
  }

  void put_xattr(const Xattr& xattr) {
    if (xattr.name.find('=') != xattr.name.npos)
      fail(ErrorKind::usage, "no layer can hold the extended attribute ", quoted(xattr.name),
           " of ", quoted(entry_.path), ": its name has a \"=\"");
    append_pax_record(records_, cat(pax_xattr_prefix, xattr.name), xattr.value);
  }

  void put_link() {
    const bool fits =
        entry_.rare->link.size() <= tar_field::link.size && is_ascii(entry_.rare->link);
    header_.put_text(tar_field::link,
                     fits ? entry_.rare->link : stand_in(entry_.rare->link, tar_field::link));
    if (!fits) append_pax_record(records_, "linkpath", entry_.rare->link);
  }

  void put_name() {
    if (is_ascii(name_)) {
      if (name_.size() <= tar_field::name.size) return header_.put_text(tar_field::name, name_);
      if (put_split_name()) return;
    }
    append_pax_record(records_, "path", name_);
    header_.put_text(tar_field::name, stand_in(name_, tar_field::name));
  }

  // As ustar wants it: prefix and name with a slash between them that is in neither.
  bool put_split_name() {
    const std::size_t last = std::min(name_.size() - 1, tar_field::prefix.size + 1);
    const auto slash = name_.rfind('/', last - 1);
    if (slash == name_.npos || slash == 0) return false;
    const std::string_view rest = std::string_view(name_).substr(slash + 1);
    if (rest.empty() || rest.size() > tar_field::name.size) return false;
    header_.put_text(tar_field::prefix, std::string_view(name_).substr(0, slash));
    header_.put_text(tar_field::name, rest);
    return true;
  }

  const Entry& entry_;
  std::string name_;
  TarHeader header_;
  std::string records_;
};

// The header that says an extended header follows. Nothing in it depends on anything but the name.
std::string_view finish_pax_header(TarHeader& header, std::string_view path, std::size_t size) {
  const std::string name = cat("PaxHeaders.0/", base_name(path));
  header.put_text(tar_field::name, stand_in(name, tar_field::name));
  header.put_type(tar_type::extended);
  header.put_octal(tar_field::mode, 0644);
  header.put_octal(tar_field::uid, 0);
  header.put_octal(tar_field::gid, 0);
  header.put_octal(tar_field::mtime, 0);
  header.put_octal(tar_field::size, size);
  header.put_octal(tar_field::device_major, 0);
  header.put_octal(tar_field::device_minor, 0);
  return header.finish();
}

std::uint64_t size_with(const std::string& records) {
  if (records.empty()) return tar_block_size;
  return 2 * tar_block_size + records.size() + tar_padding(records.size());
}

/// Whether one ustar header says it all, as it does of nearly every entry. No means perhaps.
bool is_plain(const Entry& entry) {
  constexpr std::size_t longest_addition = 1;  // the slash behind a directory
  return (entry.is_file() || entry.is_directory()) && entry.rare->xattrs.empty() &&
         entry.path.size() + longest_addition <= tar_field::name.size && is_ascii(entry.path) &&
         entry.uid <= octal_max(tar_field::uid) && entry.gid <= octal_max(tar_field::gid) &&
         entry.size <= octal_max(tar_field::size) && entry.mtime >= 0 &&
         static_cast<std::uint64_t>(entry.mtime) <= octal_max(tar_field::mtime);
}

}  // namespace

std::uint64_t tar_headers_size(const Entry& entry) {
  return is_plain(entry) ? tar_block_size : size_with(EntryHeader(entry).pax_records());
}

std::uint64_t write_tar_headers(const Entry& entry, Sink& out) {
  check_name(entry);
  EntryHeader header(entry);
  const std::string& records = header.pax_records();
  if (!records.empty()) {
    TarHeader pax_header;
    out.write(finish_pax_header(pax_header, entry.path, records.size()));
    out.write(records);
    out.write(tar_zeros.substr(0, tar_padding(records.size())));
  }
  out.write(header.finish());
  return size_with(records);
}

}  // namespace strata
