#include "input/layout_images.hpp"

#include <algorithm>

#include "strata/base/error.hpp"
#include "strata/oci/media_type.hpp"

namespace strata::input {

namespace {

constexpr const char* index_file = "index.json";

std::string annotation_of(const oci::Descriptor& entry, const char* key) {
  const auto found = entry.annotations.find(key);
  return found == entry.annotations.end() ? "" : found->second;
}

/// A ref.name is a whole name for some tools ("app:1.0") and only a tag for others ("1.0"); what
/// could be a mere tag names no image.
bool is_whole_name(const std::string& ref_name) {
  return ref_name.find_first_of(":/") != std::string::npos;
}

bool is_candidate(const oci::Descriptor& entry) {
  if (entry.annotations.contains(oci::annotation::docker_reference_type)) return false;
  if (entry.platform && entry.platform->os == "unknown") return false;
  return oci::media_type::is_manifest(entry.media_type) ||
         oci::media_type::is_index(entry.media_type);
}

/// True if another entry of the same name is for the platform and this one is not.
bool is_outdone(const oci::Descriptor& entry, const std::vector<oci::Descriptor>& all,
                const oci::Platform& platform) {
  if (!entry.platform || oci::serves(*entry.platform, platform)) return false;
  return std::any_of(all.begin(), all.end(), [&](const oci::Descriptor& other) {
    return other.platform && oci::serves(*other.platform, platform) &&
           annotation_of(other, oci::annotation::ref_name) ==
               annotation_of(entry, oci::annotation::ref_name);
  });
}

void add_names(ListedImage& image, const oci::Descriptor& entry, const std::string& what) {
  const std::string ref_name = annotation_of(entry, oci::annotation::ref_name);
  if (!ref_name.empty()) image.ref_names.push_back(ref_name);
  std::string name = annotation_of(entry, oci::annotation::containerd_name);
  if (name.empty() && is_whole_name(ref_name)) name = ref_name;
  if (!name.empty()) image.names.push_back(parse_foreign_name(name, what));
}

/// Fetches a document and reads it.
std::string fetch_document(store::Store& store, const LayoutFiles& layout,
                           const oci::Descriptor& descriptor) {
  if (descriptor.size > oci::document_size_max) {
    fail(ErrorKind::corrupt, layout.what(), ": the document ", to_string(descriptor.digest),
         " claims ", descriptor.size, " bytes; at most ", oci::document_size_max, " are allowed");
  }
  layout.fetch(descriptor);
  return store.blobs().read_document(descriptor.digest, oci::document_size_max);
}

}  // namespace

oci::Reference parse_foreign_name(std::string_view text, std::string_view what) {
  try {
    return oci::parse_reference(text);
  } catch (const Error& error) {
    fail(ErrorKind::corrupt, what, ": ", error.message());
  }
}

std::vector<ListedImage> list_images(const LayoutFiles& layout, const oci::Platform& platform) {
  const std::string what = layout.what() + ": index.json";
  const auto text = layout.find_document(index_file, oci::document_size_max);
  if (!text) fail(ErrorKind::corrupt, layout.what(), " has no index.json");
  const oci::Index index = oci::parse_index(*text, oci::media_type::index, what);

  std::vector<ListedImage> images;
  for (const oci::Descriptor& entry : index.manifests) {
    if (!is_candidate(entry) || is_outdone(entry, index.manifests, platform)) continue;
    const auto known = std::find_if(images.begin(), images.end(), [&](const ListedImage& image) {
      return image.descriptor.digest == entry.digest;
    });
    ListedImage& image =
        known != images.end() ? *known : images.emplace_back(ListedImage{entry, {}, {}});
    add_names(image, entry, what);
  }
  return images;
}

oci::Image fetch_image(store::Store& store, const LayoutFiles& layout,
                       const oci::Descriptor& descriptor, const oci::Platform& platform) {
  oci::Descriptor entry = descriptor;
  entry.annotations.clear();  // names belong to the layout's list, not to the image
  std::string document = fetch_document(store, layout, entry);
  if (oci::media_type::is_index(entry.media_type)) {
    const std::string what = layout.what() + ": index " + to_string(entry.digest);
    entry =
        oci::choose_manifest(oci::parse_index(document, entry.media_type, what), platform, what);
    entry.annotations.clear();
    document = fetch_document(store, layout, entry);
  }
  const oci::Manifest manifest = oci::parse_manifest(
      document, entry.media_type, layout.what() + ": manifest " + to_string(entry.digest));
  std::string config = fetch_document(store, layout, manifest.config);
  oci::Image image = oci::parse_image(entry, std::move(document), std::move(config));
  if (!image.descriptor.platform) image.descriptor.platform = image.config.platform;
  for (const oci::Layer& layer : image.layers()) {
    layout.fetch(layer.blob);
    store.layers().import_stored(layer.blob.digest, layer.diff_id);
  }
  return image;
}

}  // namespace strata::input
