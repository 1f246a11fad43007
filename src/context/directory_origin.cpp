#include "context/directory_origin.hpp"

#include <algorithm>

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
#include "strata/content/hashing.hpp"

namespace strata::context {

namespace {

constexpr std::size_t read_size_max = 128 << 10;

StatIndex load_index(const DirectoryOptions& options) {
  if (options.index_directory_fd < 0) return {};
  return StatIndex::load(options.index_directory_fd, options.index_name);
}

[[noreturn]] void fail_changed(const Entry& entry) {
  fail(ErrorKind::system, quoted(entry.path), " of the build context changed during the build; ",
       "build again when nothing writes to it");
}

std::string_view capability_of(const Entry& entry) {
  for (const auto& xattr : entry.xattrs) {
    if (xattr.name == "security.capability") return xattr.value;
  }
  return {};
}

/// The digest of a file that has so many bytes. Its end is not asked for: with many small files
/// that is a fourth of all reading, and whoever looks at the stamp behind it sees a file that grew.
ContentDigest hash_file(int fd, const Entry& entry) {
  Hasher hasher;
  FdSource source(fd);
  std::uint64_t left = entry.size;
  std::vector<char> buffer(std::min<std::uint64_t>(left, read_size_max));
  while (left != 0) {
    const auto room = std::span(buffer).first(std::min<std::uint64_t>(left, buffer.size()));
    const std::size_t count = source.read(room);
    if (count == 0) fail_changed(entry);
    hasher.write({buffer.data(), count});
    left -= count;
  }
  return ContentDigest(hasher.finish());
}

}  // namespace

DirectoryOrigin::DirectoryOrigin(Root root, DirectoryOptions options, WorkerPool& pool)
    : root_(std::move(root)),
      options_(std::move(options)),
      pool_(pool),
      observed_(file_clock_now()) {
  StatIndex index = load_index(options_);
  auto [entries, facts] = walk(root_, options_.ignore, index, pool_);
  const std::size_t index_size = index.size();
  index = {};  // what follows needs the room
  memory_.reserve(entries.size());
  std::size_t remembered = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const bool settled = entries[i].is_file() && is_settled(facts[i].stamp, observed_);
    if (facts[i].remembered) ++remembered;
    if (settled && !facts[i].remembered) index_is_stale_ = true;
    memory_.push_back({facts[i].stamp, entries[i].content, settled});
  }
  if (remembered != index_size) index_is_stale_ = true;
  tree_ = std::make_shared<const Tree>(std::move(entries));
  view_ = RootfsView(RootfsView::Trees{tree_});
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
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Memory& memory = memory_[i];
    if (!memory.settled) continue;
    writer.add(entries[i].path, {memory.stamp, capability_of(entries[i]), memory.content});
  }
  writer.save(options_.index_directory_fd, options_.index_name);
}

/// The view has one layer, whose entries lie in a row.
std::size_t DirectoryOrigin::place_of(const RootfsView::Found& file) const {
  const Entry* entry = file.entry;
  if (entry->type == EntryType::hard_link) entry = view_.file_of(file).entry;
  return static_cast<std::size_t>(entry - tree_->entries().data());
}

std::vector<std::size_t> DirectoryOrigin::unknown_among(
    const std::vector<std::size_t>& places) const {
  std::vector<std::size_t> unknown;
  const std::lock_guard lock(mutex_);
  for (const std::size_t place : places) {
    if (!memory_[place].content) unknown.push_back(place);
  }
  std::sort(unknown.begin(), unknown.end());
  unknown.erase(std::unique(unknown.begin(), unknown.end()), unknown.end());
  return unknown;
}

std::vector<ContentDigest> DirectoryOrigin::digests(std::span<const RootfsView::Found> files) {
  std::vector<std::size_t> places;
  places.reserve(files.size());
  for (const auto& file : files) places.push_back(place_of(file));

  const auto unknown = unknown_among(places);
  pool_.for_each_index(unknown.size(), [&](std::size_t i) { read_content(unknown[i]); });

  std::vector<ContentDigest> digests;
  digests.reserve(places.size());
  const std::lock_guard lock(mutex_);
  for (const std::size_t place : places) digests.push_back(*memory_[place].content);
  return digests;
}

void DirectoryOrigin::read_content(std::size_t place) {
  const Entry& entry = tree_->entries()[place];
  const auto [file, before] = open_at(entry);
  const ContentDigest content = hash_file(file.get(), entry);
  const FileStamp after = stamp_of(stat_of(file.get()));
  if (after.size != entry.size) fail_changed(entry);

  const std::lock_guard lock(mutex_);
  Memory& memory = memory_[place];
  memory.content = content;
  // Only what was read in one quiet state, the one that the walk saw, is worth remembering.
  memory.settled = memory.settled && before == memory.stamp && after == before;
  if (memory.settled) index_is_stale_ = true;
}

/// The file may have been replaced since the walk: by a link, which is not followed, or by a fifo,
/// for which nobody waits.
DirectoryOrigin::OpenFile DirectoryOrigin::open_at(const Entry& entry) const {
  Fd file = root_.open_file(entry.path, O_RDONLY | O_NONBLOCK | O_NOCTTY, Links::keep);
  const struct stat info = stat_of(file.get());
  if (!S_ISREG(info.st_mode) || static_cast<std::uint64_t>(info.st_size) != entry.size) {
    fail_changed(entry);
  }
  return {std::move(file), stamp_of(info)};
}

std::unique_ptr<Source> DirectoryOrigin::open(const RootfsView::Found& file) {
  return std::make_unique<FdSource>(open_at(tree_->entries()[place_of(file)]).file);
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
