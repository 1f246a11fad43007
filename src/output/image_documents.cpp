#include "output/image_documents.hpp"

#include "strata/base/error.hpp"
#include "strata/base/json.hpp"

namespace strata::output {

std::string blob_path(const Digest& digest) { return "blobs/sha256/" + digest.hex(); }

namespace {

void add_blobs(LayoutContent& content, const oci::Image& image) {
  for (const oci::Descriptor& layer : image.manifest.layers) {
    content.blobs.emplace(layer.digest, nullptr);
  }
  content.blobs[image.descriptor.digest] = &image.manifest_json;
  content.blobs[image.manifest.config.digest] = &image.config_json;
}

void add_entries(LayoutContent& content, oci::Descriptor entry,
                 const std::vector<oci::Reference>& names) {
  entry.annotations.erase(oci::annotation::ref_name);
  entry.annotations.erase(oci::annotation::containerd_name);
  if (names.empty()) content.entries.push_back(entry);
  for (const oci::Reference& name : names) {
    entry.annotations[oci::annotation::ref_name] = oci::familiar_name(name);
    entry.annotations[oci::annotation::containerd_name] = oci::canonical_name(name);
    content.entries.push_back(entry);
  }
}

}  // namespace

LayoutContent content_of(std::span<const NamedImage> images) {
  LayoutContent content;
  for (const auto& [image, names] : images) {
    add_blobs(content, image);
    add_entries(content, image.descriptor, names);
  }
  return content;
}

LayoutContent content_of(const oci::ImageIndex& index, const std::vector<oci::Reference>& names) {
  LayoutContent content;
  for (const oci::Image& image : index.images) add_blobs(content, image);
  content.blobs[index.descriptor.digest] = &index.json;
  add_entries(content, index.descriptor, names);
  return content;
}

OpenedBlob open_blob(store::Store& store, const Digest& digest, const std::string* text) {
  if (text) return {std::make_unique<ViewSource>(*text), text->size()};
  const auto size = store.blobs().find_size(digest);
  if (!size) {
    fail(ErrorKind::corrupt, "the store lacks layer blob ", to_string(digest), " of the image");
  }
  return {store::open_verified(store.blobs(), digest), *size};
}

std::string manifest_json(std::span<const NamedImage> images) {
  json::array list;
  for (const auto& [image, names] : images) {
    json::object item;
    item["Config"] = blob_path(image.id());
    json::array& tags = item["RepoTags"].emplace_array();
    for (const oci::Reference& name : names) tags.emplace_back(oci::familiar_name(name));
    json::array& layers = item["Layers"].emplace_array();
    for (const oci::Descriptor& layer : image.manifest.layers) {
      layers.emplace_back(blob_path(layer.digest));
    }
    list.push_back(std::move(item));
  }
  return to_text(list);
}

std::string repositories_json(std::span<const NamedImage> images) {
  json::object repositories;
  for (const auto& [image, names] : images) {
    if (image.manifest.layers.empty()) continue;
    for (const oci::Reference& name : names) {
      json::value& tags = repositories[oci::familiar_repository(name)];
      if (!tags.is_object()) tags.emplace_object();
      tags.get_object()[name.tag] = image.manifest.layers.back().digest.hex();
    }
  }
  return to_text(repositories);
}

}  // namespace strata::output
