#include "strata/output/image_archive.hpp"

#include <map>

#include "output/blobs_in_turn.hpp"
#include "strata/content/archive.hpp"

namespace strata::output {

namespace {

/// By name, which is also their order in the archive: all come behind "blobs".
using Documents = std::map<std::string, std::string>;

void write_content(store::Store& store, const LayoutContent& content, Documents documents,
                   Sink& out) {
  documents[layout_file] = layout_document;
  documents[index_file] = oci::to_json(oci::Index{content.entries, {}});
  ArchiveWriter archive(out);
  archive.add_directory("blobs");
  archive.add_directory("blobs/sha256");
  BlobsInTurn blobs(store, {content.blobs.begin(), content.blobs.end()}, out.as_file() >= 0);
  for (const auto& [digest, text] : content.blobs) {
    const OpenedBlob blob = blobs.next();
    archive.add_file(blob_path(digest), *blob.bytes, blob.size);
  }
  for (const auto& [name, text] : documents) archive.add_file(name, text);
  archive.finish();
}

}  // namespace

void write_archive(store::Store& store, std::span<const NamedImage> images, ArchiveForm form,
                   Sink& out) {
  Documents documents{{"manifest.json", manifest_json(images)}};
  if (form == ArchiveForm::docker) documents["repositories"] = repositories_json(images);
  write_content(store, content_of(images), std::move(documents), out);
}

void write_archive(store::Store& store, const oci::ImageIndex& index,
                   const std::vector<oci::Reference>& names, Sink& out) {
  write_content(store, content_of(index, names), {}, out);
}

}  // namespace strata::output
