/// libarchive gives names in the character set of the thread's locale and loses what cannot be
/// expressed in it. Pax names are UTF-8 by their standard, and those of other dialects it leaves
/// alone; so every call is made in a UTF-8 locale, whatever the program's is, and all names come as
/// the bytes that are in the archive. Of a pax name that is no UTF-8 the bytes are kept, but not of
/// such a link's target: this is an error.

#include <locale.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>

#include "content/inside_root.hpp"
#include "content/libarchive.hpp"
#include "content/limits.hpp"
#include "content/xattr_names.hpp"
#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
#include "strata/content/archive.hpp"
#include "strata/content/file_types.hpp"

namespace strata {

namespace {

constexpr std::size_t read_size = 64 << 10;

/// ".." that stays inside is resolved, as everybody who unpacks does; what would leave is refused.
std::string archived_path(std::string_view name, std::string_view what) {
  const bool is_too_long = name.size() > path_size_max;
  return inside_root(is_too_long ? std::string(name) : clean_path(name), what);
}

/// A UTF-8 locale for this thread, while it lives; "C" where the system has none.
class PlainLocale {
 public:
  PlainLocale() : plain_(make()), before_(uselocale(plain_)) {}
  ~PlainLocale() {
    uselocale(before_);
    freelocale(plain_);
  }
  PlainLocale(const PlainLocale&) = delete;
  PlainLocale& operator=(const PlainLocale&) = delete;

 private:
  static locale_t make() {
    const locale_t utf8 = newlocale(LC_ALL_MASK, "C.UTF-8", nullptr);
    return utf8 != nullptr ? utf8 : newlocale(LC_ALL_MASK, "C", nullptr);
  }

  locale_t plain_;
  locale_t before_;
};

struct FreeArchive {
  void operator()(struct archive* archive) const { libarchive().read_free(archive); }
};
using ArchiveHandle = std::unique_ptr<struct archive, FreeArchive>;

using Support = int (*)(struct archive*);
std::array<Support, 6> supported() {
  const LibArchive& library = libarchive();
  return {library.read_support_format_tar,   library.read_support_filter_gzip,
          library.read_support_filter_bzip2, library.read_support_filter_xz,
          library.read_support_filter_zstd,  library.read_support_filter_lz4};
}

ArchiveHandle make_handle() {
  ArchiveHandle handle(libarchive().read_new());
  if (!handle) fail(ErrorKind::system, "libarchive cannot start");
  // ARCHIVE_WARN would mean that this libarchive lacks the library and would run a program instead.
  for (const Support support : supported())
    if (support(handle.get()) != ARCHIVE_OK)
      fail(ErrorKind::system, "this libarchive cannot read all formats by itself");
  return handle;
}

std::string text_or_empty(const char* text) { return text == nullptr ? std::string() : text; }

std::uint32_t id_of(std::int64_t id, std::string_view path) {
  if (id < 0 || id > id_max)
    fail(ErrorKind::corrupt, "the archive gives ", quoted(path), " the owner ", id);
  return static_cast<std::uint32_t>(id);
}

std::vector<Xattr> xattrs_of(struct archive_entry* raw) {
  std::vector<Xattr> xattrs;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  libarchive().entry_xattr_reset(raw);
  while (libarchive().entry_xattr_next(raw, &name, &value, &size) == ARCHIVE_OK) {
    if (is_order_for_overlay(name)) continue;
    if (size > xattr_size_max)
      fail(ErrorKind::corrupt, "the archive has an extended attribute ", quoted(name), " of ", size,
           " bytes; at most ", xattr_size_max, " are allowed");
    xattrs.push_back({name, std::string(static_cast<const char*>(value), size)});
  }
  std::sort(xattrs.begin(), xattrs.end());
  return xattrs;
}

}  // namespace

struct ArchiveReader::State {
  Source& in;
  std::string what;
  std::vector<char> buffer;
  ArchiveHandle handle;
  std::exception_ptr input_error;
  std::uint64_t data_left = 0;
  std::uint64_t entries = 0;

  State(Source& source, std::string name)
      : in(source), what(std::move(name)), buffer(read_size), handle(make_handle()) {}

  bool open() {
    return libarchive().read_open(handle.get(), this, nullptr, read, nullptr) == ARCHIVE_OK;
  }

  // An exception must not travel through libarchive; it waits here.
  static la_ssize_t read(struct archive* archive, void* self, const void** bytes) {
    auto& state = *static_cast<State*>(self);
    try {
      *bytes = state.buffer.data();
      return static_cast<la_ssize_t>(state.in.read(state.buffer));
    } catch (...) {
      state.input_error = std::current_exception();
      libarchive().set_error(archive, EIO, "the source failed");
      return -1;
    }
  }

  [[noreturn]] void fail_reading() const {
    if (input_error) std::rethrow_exception(input_error);
    fail(ErrorKind::corrupt, what, " cannot be read as a tar archive: ",
         text_or_empty(libarchive().error_string(handle.get())));
  }

  // Warnings are about names that the locale cannot express. Those of owners do not matter and
  // paths come as they are, but a link without its target would pass as an empty file.
  bool next_header(struct archive_entry*& raw) {
    const int result = libarchive().read_next_header(handle.get(), &raw);
    if (result == ARCHIVE_EOF) return false;
    if (++entries > entries_max)
      fail(ErrorKind::corrupt, what, " has more than ", entries_max, " entries");
    const bool is_warning = result == ARCHIVE_WARN && !warning().starts_with("Linkname");
    if (result != ARCHIVE_OK && !is_warning) fail_reading();
    return true;
  }
  std::string warning() const { return text_or_empty(libarchive().error_string(handle.get())); }

  std::optional<Entry> entry_of(struct archive_entry* raw) const;
  void read_attributes(struct archive_entry* raw, Entry& entry) const;
};

std::optional<Entry> ArchiveReader::State::entry_of(struct archive_entry* raw) const {
  Entry entry;
  entry.path = archived_path(text_or_empty(libarchive().entry_pathname(raw)), what);
  if (const char* target = libarchive().entry_hardlink(raw)) {
    entry.type = EntryType::hard_link;
    entry.rare.edit().link = archived_path(target, what);
    return entry;
  }
  const auto type = entry_type_of(libarchive().entry_filetype(raw));
  if (!type) return std::nullopt;
  entry.type = *type;
  if (entry.path.empty() && !entry.is_directory())
    fail(ErrorKind::corrupt, what, " has a ", entry.type, " in the place of its root");
  read_attributes(raw, entry);
  return entry;
}

void ArchiveReader::State::read_attributes(struct archive_entry* raw, Entry& entry) const {
  entry.mode = libarchive().entry_perm(raw) & 07777;
  entry.uid = id_of(libarchive().entry_uid(raw), entry.path);
  entry.gid = id_of(libarchive().entry_gid(raw), entry.path);
  entry.mtime = libarchive().entry_mtime(raw);
  if (auto xattrs = xattrs_of(raw); !xattrs.empty()) entry.rare.edit().xattrs = std::move(xattrs);
  switch (entry.type) {
    case EntryType::file:
      entry.size = static_cast<std::uint64_t>(libarchive().entry_size(raw));
      break;
    case EntryType::symlink:
      entry.rare.edit().link = text_or_empty(libarchive().entry_symlink(raw));
      if (entry.rare->link.empty())
        fail(ErrorKind::corrupt, what, " has a symbolic link without a text: ", quoted(entry.path));
      entry.mode = 0777;
      break;
    case EntryType::character_device:
    case EntryType::block_device:
      entry.rare.edit().device_major =
          static_cast<std::uint32_t>(libarchive().entry_rdevmajor(raw));
      entry.rare.edit().device_minor =
          static_cast<std::uint32_t>(libarchive().entry_rdevminor(raw));
      break;
    default:
      break;
  }
}

ArchiveReader::ArchiveReader(Source& in, std::string what)
    : state_(std::make_unique<State>(in, std::move(what))) {
  const PlainLocale locale;
  if (!state_->open()) state_->fail_reading();
}

ArchiveReader::~ArchiveReader() = default;

std::optional<Entry> ArchiveReader::next() {
  const PlainLocale locale;
  struct archive_entry* raw = nullptr;
  while (state_->next_header(raw)) {
    auto entry = state_->entry_of(raw);
    if (!entry) continue;
    state_->data_left = entry->size;
    return entry;
  }
  return std::nullopt;
}

bool ArchiveReader::skip() {
  const PlainLocale locale;
  struct archive_entry* raw = nullptr;
  return state_->next_header(raw);
}

std::size_t ArchiveReader::read_data(std::span<char> buffer) {
  State& state = *state_;
  const auto wanted =
      static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), state.data_left));
  if (wanted == 0) return 0;
  const PlainLocale locale;
  const la_ssize_t count = libarchive().read_data(state.handle.get(), buffer.data(), wanted);
  if (count < 0) state.fail_reading();
  auto size = static_cast<std::size_t>(count);
  // A hole at the end of a sparse file has no data to end it.
  if (size == 0) {
    std::fill_n(buffer.begin(), wanted, '\0');
    size = wanted;
  }
  state.data_left -= size;
  return size;
}

bool is_archive(Source& beginning) {
  try {
    ArchiveReader reader(beginning, "the file");
    return reader.skip();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::corrupt) return false;
    throw;
  }
}

}  // namespace strata
