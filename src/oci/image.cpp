#include "strata/oci/image.hpp"

#include "strata/base/error.hpp"
#include "strata/oci/media_type.hpp"

namespace strata::oci {

namespace {

/// A manifest of ours speaks OCI throughout: a base's layer with a Docker type gets its OCI twin.
Descriptor as_oci_layer(Descriptor blob) {
  if (const auto codec = media_type::layer_codec(blob.media_type)) {
    blob.media_type = media_type::layer_type(*codec);
  }
  blob.platform.reset();
  blob.data.clear();
  return blob;
}

void check_document(const Descriptor& descriptor, std::string_view bytes, std::string_view what) {
  if (bytes.size() != descriptor.size || Digest::of(bytes) != descriptor.digest) {
    fail(ErrorKind::corrupt, what, " ", to_string(descriptor.digest),
         " does not have the bytes its digest names");
  }
}

}  // namespace

std::vector<Layer> Image::layers() const {
  if (manifest.layers.size() != config.diff_ids.size()) {
    fail(ErrorKind::corrupt, "image ", to_string(descriptor.digest), " has ",
         manifest.layers.size(), " layers in its manifest but ", config.diff_ids.size(),
         " in its config");
  }
  std::vector<Layer> layers;
  layers.reserve(manifest.layers.size());
  for (std::size_t i = 0; i < manifest.layers.size(); ++i) {
    layers.push_back({config.diff_ids[i], manifest.layers[i]});
  }
  return layers;
}

Image make_image(const ImageConfig& config, const std::vector<Layer>& layers,
                 const Annotations& annotations) {
  ImageConfig complete = config;
  complete.diff_ids.clear();
  std::vector<Descriptor> blobs;
  for (const Layer& layer : layers) {
    complete.diff_ids.push_back(layer.diff_id);
    blobs.push_back(as_oci_layer(layer.blob));
  }
  std::string config_json = to_json(complete);
  Manifest manifest{
      std::string(media_type::manifest),
      {std::string(media_type::config), Digest::of(config_json), config_json.size(), {}, {}},
      std::move(blobs),
      annotations};
  std::string manifest_json = to_json(manifest);
  Descriptor descriptor{std::string(media_type::manifest),
                        Digest::of(manifest_json),
                        manifest_json.size(),
                        complete.platform,
                        {}};
  return {std::move(descriptor), std::move(manifest), std::move(complete), std::move(manifest_json),
          std::move(config_json)};
}

ImageIndex make_index(std::vector<Image> images) {
  Index index;
  for (const Image& image : images) {
    Descriptor entry = image.descriptor;
    entry.platform = image.config.platform;
    entry.annotations.clear();  // where it was found is no part of it
    index.manifests.push_back(std::move(entry));
  }
  std::string document = to_json(index);
  Descriptor descriptor{
      std::string(media_type::index), Digest::of(document), document.size(), {}, {}};
  return {std::move(descriptor), std::move(document), std::move(images)};
}

Image parse_image(const Descriptor& descriptor, std::string manifest_json,
                  std::string config_json) {
  check_document(descriptor, manifest_json, "manifest");
  const std::string what = "manifest " + to_string(descriptor.digest);
  Manifest manifest = parse_manifest(manifest_json, descriptor.media_type, what);
  check_document(manifest.config, config_json, "config");
  ImageConfig config =
      parse_image_config(config_json, "config " + to_string(manifest.config.digest));
  Image image{descriptor, std::move(manifest), std::move(config), std::move(manifest_json),
              std::move(config_json)};
  image.layers();  // throws if manifest and config do not belong together
  return image;
}

}  // namespace strata::oci
