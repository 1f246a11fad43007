#include "input/archive_files.hpp"

#include "input/entry_data.hpp"
#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
#include "strata/oci/media_type.hpp"

namespace strata::input {

namespace {

/// No image has this many files; an archive that does would only fill our memory.
constexpr std::size_t members_max = 1u << 17;
constexpr int links_max = 16;
constexpr std::string_view blob_folder = "blobs/sha256/";

std::optional<Digest> blob_digest_of(const std::string& name) {
  if (!name.starts_with(blob_folder)) return std::nullopt;
  return Digest::find_hex(std::string_view(name).substr(blob_folder.size()));
}

/// Layers are known by name while they stream by: what refers to them may come later.
bool looks_like_layer(const Entry& entry) {
  return entry.path.ends_with(".tar") || entry.size > oci::document_size_max;
}

}  // namespace

ArchiveFiles::ArchiveFiles(store::Store& store, Source& archive, std::string what)
    : store_(store),
      what_(std::move(what)),
      work_(store.make_work_directory()),
      documents_(work_.root().fd(), 0600) {
  ArchiveReader reader(archive, what_);
  EntryData data(reader);
  while (const auto entry = reader.next()) {
    take(*entry, data);
    if (members_.size() > members_max) {
      fail(ErrorKind::corrupt, what_, " has more than ", members_max,
           " members; that is no image archive");
    }
  }
}

void ArchiveFiles::take(const Entry& entry, Source& data) {
  Member member;
  member.size = entry.size;
  if (entry.type == EntryType::symlink) {
    member.link = root_path(join_path(parent_path(entry.path), entry.rare->link));
  } else if (entry.type == EntryType::hard_link) {
    member.link = entry.rare->link;
  } else if (!entry.is_file()) {
    return;
  } else if (blob_digest_of(entry.path) || looks_like_layer(entry)) {
    member.blob = store_blob(entry, data);
  } else {
    member.offset = documents_size_;
    FdSink file(documents_.fd());
    documents_size_ += copy_all(data, file);
  }
  members_.insert_or_assign(entry.path, std::move(member));
}

Digest ArchiveFiles::store_blob(const Entry& entry, Source& data) {
  const auto expected = blob_digest_of(entry.path);
  if (expected) {
    store_.lease().hold(*expected);
    if (store_.blobs().find_size(*expected) == entry.size) return *expected;  // not read at all
  }
  store::NewBlob blob = store_.blobs().create();
  copy_all(data, blob);
  if (expected && blob.seal() != *expected) {
    fail(ErrorKind::corrupt, what_, ": the member ", quoted(entry.path), " has the bytes of ",
         to_string(blob.seal()));
  }
  return blob.commit();
}

const ArchiveFiles::Member* ArchiveFiles::find(const std::string& name) const {
  std::string next = name;
  for (int links = 0; links < links_max; ++links) {
    const auto found = members_.find(next);
    if (found == members_.end()) return nullptr;
    if (!found->second.link) return &found->second;
    next = *found->second.link;
  }
  fail(ErrorKind::corrupt, what_, ": the links from ", quoted(name), " lead nowhere");
}

std::optional<std::string> ArchiveFiles::find_document(const std::string& name,
                                                       std::size_t size_max) const {
  const Member* member = find(name);
  if (!member) return std::nullopt;
  if (member->size > size_max) {
    fail(ErrorKind::corrupt, what_, ": ", quoted(name), " has ", member->size, " bytes; at most ",
         size_max, " are allowed");
  }
  if (member->blob) return store_.blobs().read_document(*member->blob, size_max);
  std::string bytes(member->size, '\0');
  if (pread_full(documents_.fd(), bytes, member->offset) != bytes.size()) {
    fail(ErrorKind::corrupt, what_, ": ", quoted(name), " is cut short");
  }
  return bytes;
}

std::string ArchiveFiles::document(const std::string& name, std::size_t size_max) const {
  auto bytes = find_document(name, size_max);
  if (!bytes) fail(ErrorKind::corrupt, what_, " has no member ", quoted(name));
  return std::move(*bytes);
}

oci::Layer ArchiveFiles::layer(const std::string& name,
                               const std::optional<DiffId>& diff_id) const {
  const Member* member = find(name);
  if (!member) fail(ErrorKind::corrupt, what_, " has no layer ", quoted(name));
  if (!member->blob) {
    StringSource bytes(document(name, oci::document_size_max));
    return store_.layers().import_blob(bytes, std::nullopt, diff_id);
  }
  return store_.layers().import_stored(*member->blob, diff_id);
}

}  // namespace strata::input
