#include "strata/oci/media_type.hpp"

#include <array>
#include <utility>

namespace strata::oci::media_type {

namespace {

struct LayerCodec {
  std::string_view type;
  Codec codec;
};

constexpr std::array<LayerCodec, 11> layer_codecs{{
    {layer, Codec::none},
    {layer_gzip, Codec::gzip},
    {layer_zstd, Codec::zstd},
    {docker_layer, Codec::none},
    {docker_layer_gzip, Codec::gzip},
    // containerd writes this one for Docker-typed images with zstd layers.
    {"application/vnd.docker.image.rootfs.diff.tar.zstd", Codec::zstd},
    {"application/vnd.docker.image.rootfs.foreign.diff.tar", Codec::none},
    {"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", Codec::gzip},
    {"application/vnd.oci.image.layer.nondistributable.v1.tar", Codec::none},
    {"application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", Codec::gzip},
    {"application/vnd.oci.image.layer.nondistributable.v1.tar+zstd", Codec::zstd},
}};

}  // namespace

bool is_index(std::string_view type) { return type == index || type == docker_index; }

bool is_manifest(std::string_view type) { return type == manifest || type == docker_manifest; }

std::optional<Codec> layer_codec(std::string_view type) {
  for (const LayerCodec& known : layer_codecs) {
    if (known.type == type) return known.codec;
  }
  return std::nullopt;
}

std::string_view layer_type(Codec codec) {
  switch (codec) {
    case Codec::none:
      return layer;
    case Codec::gzip:
      return layer_gzip;
    case Codec::zstd:
      return layer_zstd;
  }
  return layer;
}

}  // namespace strata::oci::media_type
