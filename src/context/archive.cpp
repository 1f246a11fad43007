#include "strata/context/archive.hpp"

#include <algorithm>
#include <vector>

#include "context/archive_tree.hpp"
#include "strata/base/error.hpp"
#include "strata/content/archive.hpp"

namespace strata::context {

namespace {

constexpr std::size_t buffer_size = 256 * 1024;

/// A run of bytes of a file that others read too: every read says where.
class RangeSource : public Source {
 public:
  RangeSource(int borrowed, std::uint64_t offset, std::uint64_t size)
      : fd_(borrowed), offset_(offset), left_(size) {}

  std::size_t read(std::span<char> buffer) override {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left_));
    if (wanted == 0) return 0;
    const std::size_t count = pread_full(fd_, buffer.first(wanted), offset_);
    if (count < wanted) fail(ErrorKind::system, "the spool of an archive was cut short");
    offset_ += count;
    left_ -= count;
    return count;
  }

 private:
  int fd_;
  std::uint64_t offset_;
  std::uint64_t left_;
};

class ArchiveOrigin : public FileOrigin {
 public:
  ArchiveOrigin(std::vector<ArchivedFile> files, Fd spool) : spool_(std::move(spool)) {
    std::vector<Entry> entries;
    entries.reserve(files.size());
    for (auto& file : files) {
      entries.push_back(std::move(file.entry));
      offsets_.push_back(file.offset);
    }
    tree_ = std::make_shared<const Tree>(std::move(entries));
    view_ = RootfsView(RootfsView::Trees{tree_});
  }

  const RootfsView& view() const override { return view_; }

  std::vector<ContentDigest> digests(std::span<const RootfsView::Found> files) override {
    std::vector<ContentDigest> digests;
    for (const auto& file : files) digests.push_back(file_entry(file).content.value());
    return digests;
  }

  std::unique_ptr<Source> open(const RootfsView::Found& file) override {
    const Entry& entry = file_entry(file);
    const auto place = static_cast<std::size_t>(&entry - tree_->entries().data());
    return std::make_unique<RangeSource>(spool_.get(), offsets_[place], entry.size);
  }

 private:
  const Entry& file_entry(const RootfsView::Found& file) const {
    return file.entry->type == EntryType::hard_link ? *view_.file_of(file).entry : *file.entry;
  }

  Fd spool_;
  std::shared_ptr<const Tree> tree_;
  RootfsView view_;
  std::vector<std::uint64_t> offsets_;  ///< in the spool, in the order of the tree
};

/// Appends the bytes of the entry at hand to the spool; sets its size and digest to what came.
void spool_data(ArchiveReader& reader, Entry& entry, int spool, std::vector<char>& buffer) {
  Hasher hasher;
  entry.size = 0;
  while (const std::size_t count = reader.read_data(buffer)) {
    const std::string_view bytes(buffer.data(), count);
    hasher.write(bytes);
    write_all(spool, bytes);
    entry.size += count;
  }
  entry.content = ContentDigest(hasher.finish());
}

}  // namespace

std::unique_ptr<FileOrigin> open_archive(Source& archive, Fd spool, const std::string& what) {
  ArchiveReader reader(archive, what);
  ArchiveTree tree(what);
  std::vector<char> buffer(buffer_size);
  std::uint64_t offset = 0;
  while (auto entry = reader.next()) {
    ArchivedFile file{std::move(*entry), offset};
    if (file.entry.is_file()) {
      spool_data(reader, file.entry, spool.get(), buffer);
      offset += file.entry.size;
    }
    tree.add(std::move(file));
  }
  return std::make_unique<ArchiveOrigin>(tree.take(), std::move(spool));
}

}  // namespace strata::context
