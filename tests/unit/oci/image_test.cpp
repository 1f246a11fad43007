#include "strata/oci/image.hpp"

#include <doctest/doctest.h>

#include "strata/base/error.hpp"
#include "strata/oci/media_type.hpp"

using namespace strata;
using namespace strata::oci;

namespace {

Layer layer_of(std::string_view bytes, std::string_view type) {
  return {DiffId(Digest::of(bytes)),
          {std::string(type), Digest::of(std::string(bytes) + "gz"), bytes.size(), {}, {}}};
}

Image sample_image() {
  ImageConfig config;
  config.platform = {"linux", "amd64", ""};
  return make_image(config, {layer_of("a", media_type::docker_layer_gzip),
                             layer_of("b", media_type::layer_zstd)});
}

}  // namespace

TEST_CASE("a made image is read back from its documents") {
  const Image image = sample_image();
  const Image again = parse_image(image.descriptor, image.manifest_json, image.config_json);
  CHECK(again.manifest == image.manifest);
  CHECK(again.config == image.config);
  CHECK(again.id() == Digest::of(image.config_json));
  REQUIRE(again.layers().size() == 2);
  CHECK(again.layers()[1].diff_id == DiffId(Digest::of("b")));
}

TEST_CASE("layers inherited with Docker types get OCI types in an OCI manifest") {
  CHECK(sample_image().manifest.layers[0].media_type == media_type::layer_gzip);
}

TEST_CASE("equal images have equal bytes") {
  CHECK(sample_image().manifest_json == sample_image().manifest_json);
}

TEST_CASE("documents that do not have their digest are refused") {
  const Image image = sample_image();
  CHECK_THROWS_AS(parse_image(image.descriptor, image.manifest_json + " ", image.config_json),
                  Error);
  CHECK_THROWS_AS(parse_image(image.descriptor, image.manifest_json, image.config_json + " "),
                  Error);
}

TEST_CASE("a manifest and a config of different layer counts do not make an image") {
  const Image image = sample_image();
  Manifest manifest = image.manifest;
  manifest.layers.pop_back();
  const std::string text = to_json(manifest);
  Descriptor descriptor = image.descriptor;
  descriptor.digest = Digest::of(text);
  descriptor.size = text.size();
  CHECK_THROWS_AS(parse_image(descriptor, text, image.config_json), Error);
}

TEST_CASE("layer media types name their codec both ways") {
  for (const Codec codec : {Codec::none, Codec::gzip, Codec::zstd}) {
    CHECK(media_type::layer_codec(media_type::layer_type(codec)) == codec);
  }
  CHECK_FALSE(media_type::layer_codec("application/vnd.in-toto+json"));
}
