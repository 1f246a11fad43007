#include "store/image_index.hpp"

#include <algorithm>

#include "store/names.hpp"
#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/lock.hpp"
#include "strata/oci/media_type.hpp"

namespace strata::store {

namespace {

constexpr const char* index_file = "index.json";

std::optional<oci::Reference> find_reference(const std::string& text) {
  try {
    return oci::parse_reference(text);
  } catch (const Error&) {
    return std::nullopt;  // a name that another tool gave, by rules of its own
  }
}

std::optional<std::string> find_annotation(const oci::Descriptor& entry, const char* key) {
  const auto found = entry.annotations.find(key);
  if (found == entry.annotations.end()) return std::nullopt;
  return found->second;
}

}  // namespace

oci::Index read_image_index(const Root& store) {
  const auto text = find_small_file(store.fd(), index_file, oci::document_size_max);
  if (!text) fail(ErrorKind::corrupt, "the store has no index.json");
  return oci::parse_index(*text, oci::media_type::index, index_file);
}

void change_image_index(const Root& store, const std::function<void(oci::Index&)>& change) {
  const FileLock alone = FileLock::wait(store.fd(), lock_file::index, LockMode::exclusive);
  const oci::Index before = read_image_index(store);
  oci::Index after = before;
  change(after);
  if (after == before) return;
  const std::string text = oci::to_json(after);
  if (text.size() > oci::document_size_max) {
    fail(ErrorKind::system, "the store lists too many images: index.json would have ", text.size(),
         " bytes; remove some images first");
  }
  write_file(store.fd(), index_file, text, Durability::synced);
}

std::optional<oci::Reference> name_of(const oci::Descriptor& entry) {
  for (const char* key : {oci::annotation::containerd_name, oci::annotation::ref_name}) {
    if (const auto text = find_annotation(entry, key)) {
      if (auto name = find_reference(*text)) return name;
    }
  }
  return std::nullopt;
}

oci::Descriptor make_entry(const oci::Descriptor& manifest,
                           const std::optional<oci::Reference>& name) {
  oci::Descriptor entry = manifest;
  entry.annotations.erase(oci::annotation::ref_name);
  entry.annotations.erase(oci::annotation::containerd_name);
  if (name) {
    entry.annotations[oci::annotation::ref_name] = oci::familiar_name(*name);
    entry.annotations[oci::annotation::containerd_name] = oci::canonical_name(*name);
  }
  return entry;
}

bool lists(const oci::Index& index, const Digest& manifest) {
  return std::any_of(index.manifests.begin(), index.manifests.end(),
                     [&](const oci::Descriptor& entry) { return entry.digest == manifest; });
}

void remove_entries(oci::Index& index, const std::function<bool(const oci::Descriptor&)>& goes) {
  std::erase_if(index.manifests, goes);
}

std::vector<oci::Reference> put_names(oci::Index& index, const oci::Descriptor& manifest,
                                      const std::vector<oci::Reference>& names) {
  std::vector<oci::Reference> taken;
  std::vector<oci::Descriptor> losers;
  for (const oci::Reference& name : names) {
    remove_entries(index, [&](const oci::Descriptor& entry) {
      if (name_of(entry) != name) return false;
      if (entry.digest != manifest.digest) {
        taken.push_back(name);
        losers.push_back(entry);
      }
      return true;
    });
    index.manifests.push_back(make_entry(manifest, name));
  }
  if (!names.empty()) {
    remove_entries(index, [&](const oci::Descriptor& entry) {
      return entry.digest == manifest.digest && !name_of(entry);
    });
  }
  losers.push_back(manifest);  // listed even if it was given no name
  for (const oci::Descriptor& image : losers) {
    if (!lists(index, image.digest)) index.manifests.push_back(make_entry(image, std::nullopt));
  }
  return taken;
}

}  // namespace strata::store
