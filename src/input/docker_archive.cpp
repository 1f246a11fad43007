#include "input/docker_archive.hpp"

#include "input/layout_images.hpp"
#include "strata/base/error.hpp"
#include "strata/base/json.hpp"
#include "strata/base/path.hpp"
#include "strata/oci/media_type.hpp"

namespace strata::input {

namespace {

constexpr std::size_t manifest_size_max = 1u << 20;

/// An image around a config whose bytes, and with them the image id, must stay as they are.
oci::Image make_image_around(const std::string& config_json, const std::vector<oci::Layer>& layers,
                             const oci::Platform& platform) {
  oci::Manifest manifest{
      std::string(oci::media_type::manifest),
      {std::string(oci::media_type::config), Digest::of(config_json), config_json.size(), {}, {}},
      {},
      {}};
  for (const oci::Layer& layer : layers) manifest.layers.push_back(layer.blob);
  const std::string text = oci::to_json(manifest);
  return oci::parse_image({manifest.media_type, Digest::of(text), text.size(), platform, {}}, text,
                          config_json);
}

FoundImage read_image(const ArchiveFiles& files, const JsonObject& item) {
  const std::string config_name = root_path(item.string("Config"));
  const std::string config_json = files.document(config_name, oci::document_size_max);
  const oci::ImageConfig config =
      oci::parse_image_config(config_json, files.what() + ": " + quoted(config_name));
  const std::vector<std::string> layer_names = item.strings("Layers");
  if (layer_names.size() != config.diff_ids.size()) {
    fail(ErrorKind::corrupt, item.what(), " lists ", layer_names.size(),
         " layers for an image whose config has ", config.diff_ids.size());
  }
  std::vector<oci::Layer> layers;
  for (std::size_t i = 0; i < layer_names.size(); ++i) {
    layers.push_back(files.layer(root_path(layer_names[i]), config.diff_ids[i]));
  }
  FoundImage found{make_image_around(config_json, layers, config.platform), {}};
  for (const std::string& tag : item.strings("RepoTags")) {
    found.names.push_back(parse_foreign_name(tag, item.what()));
  }
  return found;
}

}  // namespace

std::vector<FoundImage> read_docker_archive(const ArchiveFiles& files) {
  const std::string what = files.what() + ": manifest.json";
  const json::value value = parse_json(files.document("manifest.json", manifest_size_max), what);
  if (!value.is_array()) fail(ErrorKind::corrupt, what, " is not a list of images");
  std::vector<FoundImage> images;
  for (const json::value& item : value.get_array()) {
    images.push_back(read_image(files, JsonObject(item, what)));
  }
  return images;
}

}  // namespace strata::input
