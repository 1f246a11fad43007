#include "context/directory_origin.hpp"

#include <malloc.h>

#include <algorithm>

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
#include "strata/content/hashing.hpp"

namespace strata::context {

namespace {

constexpr std::size_t read_size_max = 128 << 10;
constexpr std::size_t many_files = 100'000;

StatIndex load_index(const DirectoryOptions& options) {
  if (options.index_directory_fd < 0) return {};
  return StatIndex::load(options.index_directory_fd, options.index_name);
}

[[noreturn]] void fail_changed(const Entry& entry) {
  fail(ErrorKind::system, quoted(entry.path), " of the build context changed during the build; ",
       "build again when nothing writes to it");
}

/// The stamp of what should be the file that the walk saw.
FileStamp checked_stamp(const Fd& file, const Entry& entry) {
  const struct stat info = stat_of(file.get());
  if (!S_ISREG(info.st_mode) || static_cast<std::uint64_t>(info.st_size) != entry.size)
    fail_changed(entry);
  return stamp_of(info);
}

std::string_view capability_of(const Entry& entry) {
  for (const auto& xattr : entry.rare->xattrs) {
    if (xattr.name == "security.capability") return xattr.value;
  }
  return {};
}

/// Fills `room`; the file must have so many bytes.
void read_into(std::span<char> room, Source& file, const Entry& entry) {
  while (!room.empty()) {
    const std::size_t count = file.read(room);
    if (count == 0) fail_changed(entry);
    room = room.subspan(count);
  }
}

/// The digest of a file that has the bytes its entry says. Its end is not asked for: with many
/// small files that is a fourth of all reading, and whoever looks at the stamp behind it sees a
/// file that grew. `kept` is empty, or where all bytes go.
ContentDigest hash_file(int fd, const Entry& entry, std::span<char> kept) {
  FdSource file(fd);
  Hasher hasher;
  std::vector<char> buffer;
  if (kept.empty()) buffer.resize(std::min<std::uint64_t>(entry.size, read_size_max));
  const std::span<char> room = kept.empty() ? std::span(buffer) : kept;
  for (std::uint64_t left = entry.size; left != 0;) {
    const auto part = room.first(std::min<std::uint64_t>(left, room.size()));
    read_into(part, file, entry);
    hasher.write({part.data(), part.size()});
    left -= part.size();
  }
  return ContentDigest(hasher.finish());
}

}  // namespace

DirectoryOrigin::DirectoryOrigin(Root root, DirectoryOptions options, WorkerPool& pool)
    : root_(std::move(root)),
      options_(std::move(options)),
      pool_(pool),
      observed_(file_clock_now()),
      index_(load_index(options_)) {
  Walked walked = walk(root_, options_.ignore, index_, pool_);
  facts_ = std::move(walked.facts);
  tree_ = std::make_shared<const Tree>(std::move(walked.entries));
  view_ = RootfsView(RootfsView::Trees{tree_});
  begin_memory();
  // The walk of many files has left many small holes, which none of the large things to come would
  // fit. Of few files it would only cost their memory being asked for again.
  if (tree_->entries().size() >= many_files) malloc_trim(0);
}

void DirectoryOrigin::begin_memory() {
  const auto entries = tree_->entries();
  memory_.resize(facts_.seen_count());
  std::size_t remembered = 0;
  bool index_is_wanted = false;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const bool has_row = facts_.row(i) != 0;
    if (has_row || facts_.seen(i).remembered) ++remembered;
    if (has_row) continue;
    const bool settled = entries[i].is_file() && is_settled(facts_.seen(i).stamp, observed_);
    memory_[facts_.seen_number(i)].settled = settled;
    if (settled) index_is_wanted = true;
    if (settled && !facts_.seen(i).remembered) index_is_stale_ = true;
  }
  if (remembered != index_.size()) index_is_stale_ = true;
  if (!index_is_stale_ && !index_is_wanted) index_ = {};
}

DirectoryOrigin::~DirectoryOrigin() {
  if (!index_is_stale_ || options_.index_directory_fd < 0) return;
  try {
    save_index();
  } catch (...) {
    // Nobody can be told here, and nothing is lost but time.
  }
}

void DirectoryOrigin::save_index() const {
  IndexWriter writer;
  const auto entries = tree_->entries();
  std::size_t path_bytes = 0;
  for (const Entry& entry : entries) path_bytes += entry.path.size();
  writer.reserve(entries.size(), path_bytes);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!entries[i].is_file()) continue;
    if (const std::uint32_t row = facts_.row(i); row != 0) {
      writer.add(entries[i].path, index_.row_at(row));
      continue;
    }
    const Memory& memory = memory_[facts_.seen_number(i)];
    if (!memory.settled) continue;
    writer.add(entries[i].path, {facts_.seen(i).stamp, capability_of(entries[i]), memory.content});
  }
  writer.save(options_.index_directory_fd, options_.index_name);
}

/// The view has one layer, whose entries lie in a row.
std::size_t DirectoryOrigin::place_of(const RootfsView::Found& file) const {
  const Entry* entry = file.entry;
  if (entry->type == EntryType::hard_link) entry = view_.file_of(file).entry;
  return static_cast<std::size_t>(entry - tree_->entries().data());
}

const std::optional<ContentDigest>& DirectoryOrigin::content_of(std::size_t place) const {
  if (facts_.row(place) != 0) return tree_->entries()[place].content;
  return memory_[facts_.seen_number(place)].content;
}

std::vector<std::size_t> DirectoryOrigin::unknown_among(
    const std::vector<std::size_t>& places) const {
  std::vector<std::size_t> unknown;
  const std::lock_guard lock(mutex_);
  for (const std::size_t place : places) {
    if (!content_of(place)) unknown.push_back(place);
  }
  std::sort(unknown.begin(), unknown.end());
  unknown.erase(std::unique(unknown.begin(), unknown.end()), unknown.end());
  return unknown;
}

std::vector<ContentDigest> DirectoryOrigin::digests(std::span<const RootfsView::Found> files) {
  FileMemory none(0);
  std::vector<ContentDigest> digests;
  digests.reserve(files.size());
  for (const FileContent& content : contents(files, none)) digests.push_back(content.digest);
  return digests;
}

std::vector<FileContent> DirectoryOrigin::contents(std::span<const RootfsView::Found> files,
                                                   FileMemory& memory) {
  std::vector<std::size_t> places;
  places.reserve(files.size());
  for (const auto& file : files) places.push_back(place_of(file));

  const auto unknown = unknown_among(places);
  std::vector<std::string_view> kept(unknown.size());
  pool_.for_each_index(unknown.size(),
                       [&](std::size_t i) { kept[i] = read_content(unknown[i], memory); });

  std::vector<FileContent> contents;
  contents.reserve(places.size());
  const std::lock_guard lock(mutex_);
  for (const std::size_t place : places) {
    const auto read = std::lower_bound(unknown.begin(), unknown.end(), place);
    const bool was_read = read != unknown.end() && *read == place;
    contents.push_back(
        {*content_of(place),
         was_read ? kept[static_cast<std::size_t>(read - unknown.begin())] : std::string_view()});
  }
  return contents;
}

/// What could be kept of its bytes: all or nothing.
std::string_view DirectoryOrigin::read_content(std::size_t place, FileMemory& memory) {
  const Entry& entry = tree_->entries()[place];
  const Fd file = open_at(entry);
  const std::span<char> kept = memory.take(entry.size);
  const ContentDigest content = hash_file(file.get(), entry, kept);
  const FileStamp after = checked_stamp(file, entry);

  note_stamp(place, after);
  const std::lock_guard lock(mutex_);
  memory_[facts_.seen_number(place)].content = content;
  return {kept.data(), kept.size()};
}

/// Only what was read in the state that the walk saw is worth remembering.
void DirectoryOrigin::note_stamp(std::size_t place, const FileStamp& after) {
  const std::lock_guard lock(mutex_);
  Memory& known = memory_[facts_.seen_number(place)];
  known.settled = known.settled && after == facts_.seen(place).stamp;
  if (known.settled) index_is_stale_ = true;
}

/// The file may have been replaced since the walk: by a link, which is not followed, or by a fifo,
/// for which nobody waits.
Fd DirectoryOrigin::open_at(const Entry& entry) const {
  return root_.open_file(entry.path, O_RDONLY | O_NONBLOCK | O_NOCTTY, Links::keep);
}

/// Looks at the stamp once more when whoever reads is done.
class DirectoryOrigin::WatchedFile : public FdSource {
 public:
  WatchedFile(Fd file, DirectoryOrigin& origin, std::size_t place)
      : FdSource(std::move(file)), origin_(origin), place_(place) {}
  ~WatchedFile() override {
    struct stat info {};
    const bool is_known = ::fstat(as_file(), &info) == 0;
    origin_.note_stamp(place_, is_known ? stamp_of(info) : FileStamp());
  }

 private:
  DirectoryOrigin& origin_;
  std::size_t place_;
};

std::unique_ptr<Source> DirectoryOrigin::open(const RootfsView::Found& found) {
  const std::size_t place = place_of(found);
  const Entry& entry = tree_->entries()[place];
  Fd file = open_at(entry);
  checked_stamp(file, entry);
  if (facts_.row(place) != 0) return std::make_unique<FdSource>(std::move(file));
  return std::make_unique<WatchedFile>(std::move(file), *this, place);
}

void DirectoryOrigin::learn(std::span<const RootfsView::Found> files,
                            std::span<const ContentDigest> digests) {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::size_t place = place_of(files[i]);
    if (facts_.row(place) == 0) memory_[facts_.seen_number(place)].content = digests[i];
  }
}

std::string DirectoryOrigin::why_absent(std::string_view any_path) const {
  const std::string path = root_path(any_path);
  const auto info = path.empty() ? std::nullopt : root_.find_stat(path, Links::keep);
  if (!info) return {};
  if (S_ISSOCK(info->st_mode)) return "it is a socket, which no layer can hold";
  const auto* rule = options_.ignore.matching_rule(path);
  if (rule == nullptr || rule->negated) return {};
  return cat("excluded by pattern ", quoted(rule->text), " (", options_.ignore_name, ":",
             rule->line, ")");
}

}  // namespace strata::context
