#include "strata/output/image_archive.hpp"

#include <map>

#include "output/image_documents.hpp"
#include "strata/content/archive.hpp"

namespace strata::output {

namespace {

/// Documents by name, which is also their order in the archive: all come behind "blobs".
std::map<std::string, std::string> documents_of(std::span<const NamedImage> images,
                                                ArchiveForm form) {
  std::map<std::string, std::string> documents{
      {layout_file, layout_document},
      {index_file, oci::to_json(oci::Index{index_entries(images), {}})},
      {"manifest.json", manifest_json(images)}};
  if (form == ArchiveForm::docker) documents["repositories"] = repositories_json(images);
  return documents;
}

}  // namespace

void write_archive(store::Store& store, std::span<const NamedImage> images, ArchiveForm form,
                   Sink& out) {
  ArchiveWriter archive(out);
  archive.add_directory("blobs");
  archive.add_directory("blobs/sha256");
  for (const auto& [digest, text] : blobs_of(images)) {
    const OpenedBlob blob = open_blob(store, digest, text);
    archive.add_file(blob_path(digest), *blob.bytes, blob.size);
  }
  for (const auto& [name, text] : documents_of(images, form)) archive.add_file(name, text);
  archive.finish();
}

}  // namespace strata::output
