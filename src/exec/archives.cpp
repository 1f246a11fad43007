#include "archives.hpp"

#include "strata/content/archive.hpp"
#include "strata/context/archive.hpp"

namespace strata::exec {

ArchiveFiles find_archives(const std::vector<CopySource>& sources, FileOrigin& origin) {
  ArchiveFiles files;
  for (const CopySource& source : sources) {
    if (source.is_directory) continue;
    const bool is_link = source.found->entry->type == EntryType::hard_link;
    const auto file = is_link ? origin.view().file_of(*source.found) : *source.found;
    if (!file.entry->is_file() || file.entry->size == 0) continue;
    if (is_archive(*origin.open(file))) files.emplace(source.path, file);
  }
  return files;
}

UnpackedArchives::UnpackedArchives(const ArchiveFiles& files, FileOrigin& origin,
                                   const store::Store& store)
    : work_(store.make_work_directory()) {
  for (const auto& [path, file] : files) {
    const auto bytes = origin.open(file);
    Fd spool = work_.root().open_file("", O_TMPFILE | O_RDWR);
    trees_.emplace(path, context::open_archive(*bytes, std::move(spool), path));
  }
}

FileOrigin* UnpackedArchives::find(const CopySource& source) const {
  const auto tree = trees_.find(source.path);
  return tree == trees_.end() ? nullptr : tree->second.get();
}

}  // namespace strata::exec
