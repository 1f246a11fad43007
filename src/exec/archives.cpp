#include "archives.hpp"

#include "strata/content/archive.hpp"
#include "strata/context/archive.hpp"

namespace strata::exec {

namespace {

const std::string& label_of(const CopySource& source) {
  return source.elsewhere ? source.address : source.path;
}

}  // namespace

ArchiveFiles find_archives(const std::vector<CopySource>& sources, FileOrigin* origin,
                           plan::CopyFiles::Archives archives) {
  ArchiveFiles files;
  if (archives == plan::CopyFiles::Archives::keep) return files;
  for (const CopySource& source : sources) {
    if (source.is_directory) continue;
    if (source.elsewhere && archives != plan::CopyFiles::Archives::unpack) continue;
    FileOrigin* home = source.elsewhere ? source.elsewhere : origin;
    const bool is_link = source.found->entry->type == EntryType::hard_link;
    const auto file = is_link ? home->view().file_of(*source.found) : *source.found;
    if (!file.entry->is_file() || file.entry->size == 0) continue;
    if (is_archive(*home->open(file))) files.emplace(label_of(source), ArchiveFile{home, file});
  }
  return files;
}

bool is_among(const CopySource& source, const ArchiveFiles& files) {
  return files.contains(label_of(source));
}

UnpackedArchives::UnpackedArchives(const ArchiveFiles& files, const store::Store& store)
    : work_(store.make_work_directory()) {
  for (const auto& [label, archive] : files) {
    const auto bytes = archive.origin->open(archive.file);
    Fd spool = work_.root().open_file("", O_TMPFILE | O_RDWR);
    trees_.emplace(label, context::open_archive(*bytes, std::move(spool), label));
  }
}

FileOrigin* UnpackedArchives::find(const CopySource& source) const {
  const auto tree = trees_.find(label_of(source));
  return tree == trees_.end() ? nullptr : tree->second.get();
}

}  // namespace strata::exec
