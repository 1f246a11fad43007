#pragma once
/// Media types of the OCI image specification and their Docker v2 schema 2 twins (media-types.md).

#include <optional>
#include <string_view>

#include "strata/content/compression.hpp"

namespace strata::oci::media_type {

inline constexpr std::string_view index = "application/vnd.oci.image.index.v1+json";
inline constexpr std::string_view manifest = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view config = "application/vnd.oci.image.config.v1+json";
inline constexpr std::string_view layer = "application/vnd.oci.image.layer.v1.tar";
inline constexpr std::string_view layer_gzip = "application/vnd.oci.image.layer.v1.tar+gzip";
inline constexpr std::string_view layer_zstd = "application/vnd.oci.image.layer.v1.tar+zstd";
inline constexpr std::string_view docker_index =
    "application/vnd.docker.distribution.manifest.list.v2+json";
inline constexpr std::string_view docker_manifest =
    "application/vnd.docker.distribution.manifest.v2+json";
inline constexpr std::string_view docker_config = "application/vnd.docker.container.image.v1+json";
inline constexpr std::string_view docker_layer_gzip =
    "application/vnd.docker.image.rootfs.diff.tar.gzip";
inline constexpr std::string_view docker_layer = "application/vnd.docker.image.rootfs.diff.tar";

bool is_index(std::string_view type);
bool is_manifest(std::string_view type);

/// How a layer of this media type is packed; nothing if it is no layer type we read.
std::optional<Codec> layer_codec(std::string_view type);
/// The OCI media type of a layer packed so.
std::string_view layer_type(Codec codec);

}  // namespace strata::oci::media_type
