#include "upper.hpp"

#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include <array>
#include <cerrno>
#include <optional>

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
#include "strata/base/text.hpp"
#include "strata/content/file_types.hpp"

namespace strata::exec {

namespace {

constexpr std::array<std::string_view, 2> mark_prefixes{"trusted.overlay.", "user.overlay."};

/// The value of an overlay mark, whichever kind of mount made it.
std::optional<std::string> find_mark(int fd, std::string_view name) {
  for (const std::string_view prefix : mark_prefixes) {
    char value[256];
    const ssize_t size = fgetxattr(fd, cat(prefix, name).c_str(), value, sizeof value);
    if (size >= 0) return std::string(value, static_cast<std::size_t>(size));
    if (errno == ERANGE) return std::string();
    if (errno != ENODATA && errno != ENOTSUP) fail_errno("reading overlay marks");
  }
  return std::nullopt;
}

[[noreturn]] void fail_inexpressible(const std::string& path, std::string_view option) {
  fail(ErrorKind::system, "the overlay was mounted with ", option,
       ", which no layer can express: ", quoted(cat("/", path)));
}

class UpperReader {
 public:
  explicit UpperReader(const Root& upper) : upper_(upper) {}

  std::vector<UpperFile> read() && {
    read_directory(upper_, "");
    return std::move(files_);
  }

 private:
  void read_directory(const Root& directory, const std::string& path);
  void read_file(const Root& directory, const std::string& name, const std::string& path);
  void read_subdirectory(const Root& directory, UpperFile file, const std::string& name);

  const Root& upper_;
  std::vector<UpperFile> files_;
};

void UpperReader::read_directory(const Root& directory, const std::string& path) {
  for (const std::string& name : directory.list(""))
    read_file(directory, name, join_path(path, name));
}

/// A file of no bytes with the mark says, on kernels since 6.7, what a 0/0 device says.
bool is_whiteout(const Root& directory, const std::string& name, const Entry& entry) {
  if (entry.type == EntryType::character_device)
    return entry.rare->device_major == 0 && entry.rare->device_minor == 0;
  if (!entry.is_file() || entry.size != 0) return false;
  const Fd file = directory.open_file(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, Links::keep);
  return find_mark(file.get(), "whiteout").has_value();
}

void refuse_metacopy(const Root& directory, const std::string& name, const std::string& path) {
  const Fd file = directory.open_file(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, Links::keep);
  if (find_mark(file.get(), "metacopy")) fail_inexpressible(path, "metacopy");
}

Entry whiteout_of(const std::string& path) {
  Entry entry;
  entry.path = path;
  entry.type = EntryType::whiteout;
  return entry;
}

void refuse_reserved(const std::string& name, const std::string& path) {
  if (name.starts_with(".wh."))
    fail(ErrorKind::step_failed, "the step made ", quoted(cat("/", path)),
         ", but names that begin with .wh. mean a removal in a layer: use another name or remove "
         "it");
}

void UpperReader::read_file(const Root& directory, const std::string& name,
                            const std::string& path) {
  const auto info = directory.find_stat(name);
  if (!info) return;
  UpperFile file;
  if (const auto entry = entry_of_file(directory, name, *info)) {
    file.entry = is_whiteout(directory, name, *entry) ? whiteout_of(path) : *entry;
  } else {
    file.socket = true;
  }
  file.entry.path = path;
  if (file.is_absence()) return files_.push_back(std::move(file));

  refuse_reserved(name, path);
  if (file.entry.is_directory()) return read_subdirectory(directory, std::move(file), name);
  if (file.entry.is_file()) {
    if (info->st_nlink > 1) file.inode = {info->st_dev, info->st_ino};
    // Only a file whose data stayed below has no blocks of its own.
    if (info->st_size > 0 && info->st_blocks == 0) refuse_metacopy(directory, name, path);
  }
  files_.push_back(std::move(file));
}

void UpperReader::read_subdirectory(const Root& directory, UpperFile file,
                                    const std::string& name) {
  const std::string path = file.entry.path;
  const Root inside = directory.open_directory(name);
  if (find_mark(inside.fd(), "redirect")) fail_inexpressible(path, "redirect_dir");
  // "x" announces whiteouts that are attributes, and hides nothing itself.
  file.opaque = find_mark(inside.fd(), "opaque") == "y";
  files_.push_back(std::move(file));
  read_directory(inside, path);
}

}  // namespace

std::vector<UpperFile> read_upper(const Root& upper) { return UpperReader(upper).read(); }

}  // namespace strata::exec
