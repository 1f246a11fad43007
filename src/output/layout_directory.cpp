// An OCI layout directory, made new or added to.

#include <algorithm>

#include "output/blobs_in_turn.hpp"
#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/host_path.hpp"
#include "strata/oci/media_type.hpp"
#include "strata/output/image_archive.hpp"

namespace strata::output {

namespace {

/// Those that are there already stay.
void copy_blobs(store::Store& store, const LayoutContent& content, const Root& blobs) {
  std::vector<LayoutBlob> missing;
  for (const LayoutBlob blob : content.blobs)
    if (!blobs.find_stat(blob.first.hex())) missing.push_back(blob);
  BlobsInTurn turn(store, missing, true);
  for (const auto& [digest, text] : missing) {
    NewFile file(blobs.fd(), 0644);
    FdSink out(file.fd());
    copy_all(*turn.next().bytes, out);
    file.commit_once(digest.hex(), Durability::none);
  }
}

std::string name_of(const oci::Descriptor& entry) {
  const auto name = entry.annotations.find(oci::annotation::ref_name);
  return name == entry.annotations.end() ? "" : name->second;
}

/// The layout's index with the entries added. Entries of the same name, or of the same image if
/// they have no name, give way.
oci::Index merge(oci::Index index, const std::vector<oci::Descriptor>& added) {
  for (const oci::Descriptor& entry : added) {
    std::erase_if(index.manifests, [&](const oci::Descriptor& old) {
      return name_of(old) == name_of(entry) &&
             (!name_of(entry).empty() || old.digest == entry.digest);
    });
    index.manifests.push_back(entry);
  }
  return index;
}

oci::Index read_index(const Root& root, const std::string& host_path) {
  const auto text = find_small_file(root.fd(), index_file, oci::document_size_max);
  if (!text) return {};
  return oci::parse_index(*text, oci::media_type::index, quoted(host_path) + ": index.json");
}

void write_content(store::Store& store, const LayoutContent& content,
                   const std::string& host_path) {
  const Root root = make_host_directory(host_path);
  if (!root.find_stat(layout_file) && !root.list("").empty()) {
    fail(ErrorKind::usage, "cannot write an OCI layout into ", quoted(host_path),
         ": it is not empty and no layout");
  }
  const oci::Index index = merge(read_index(root, host_path), content.entries);
  root.make_directories("blobs/sha256");
  const Root blobs = root.open_directory("blobs/sha256");
  copy_blobs(store, content, blobs);
  write_file(root.fd(), layout_file, layout_document, Durability::none);
  write_file(root.fd(), index_file, oci::to_json(index), Durability::none);
}

}  // namespace

void write_layout(store::Store& store, std::span<const NamedImage> images,
                  const std::string& host_path) {
  write_content(store, content_of(images), host_path);
}

void write_layout(store::Store& store, const oci::ImageIndex& index,
                  const std::vector<oci::Reference>& names, const std::string& host_path) {
  write_content(store, content_of(index, names), host_path);
}

}  // namespace strata::output
