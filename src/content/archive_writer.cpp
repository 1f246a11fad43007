/// The archives that Strata writes for others: a TarWriter with entries of one plain look.

#include "strata/content/archive.hpp"
#include "strata/content/tar.hpp"

namespace strata {

namespace {

Entry plain_entry(const std::string& path, EntryType type, std::uint32_t mode) {
  Entry entry;
  entry.path = path;
  entry.type = type;
  entry.mode = mode;
  return entry;
}

}  // namespace

struct ArchiveWriter::State {
  TarWriter tar;
};

ArchiveWriter::ArchiveWriter(Sink& out) : state_(std::make_unique<State>(State{TarWriter(out)})) {}

ArchiveWriter::~ArchiveWriter() = default;

void ArchiveWriter::add_directory(const std::string& path) {
  state_->tar.add(plain_entry(path, EntryType::directory, 0755), nullptr);
}

void ArchiveWriter::add_file(const std::string& path, std::string_view bytes) {
  ViewSource data(bytes);
  add_file(path, data, bytes.size());
}

void ArchiveWriter::add_file(const std::string& path, Source& data, std::uint64_t size) {
  Entry entry = plain_entry(path, EntryType::file, 0644);
  entry.size = size;
  state_->tar.add(entry, &data);
}

void ArchiveWriter::add_symlink(const std::string& path, const std::string& target) {
  Entry entry = plain_entry(path, EntryType::symlink, 0777);
  entry.rare.edit().link = target;
  state_->tar.add(entry, nullptr);
}

void ArchiveWriter::finish() { state_->tar.finish(); }

}  // namespace strata
