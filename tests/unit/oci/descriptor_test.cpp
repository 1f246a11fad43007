#include "strata/oci/descriptor.hpp"

#include <doctest/doctest.h>

#include "strata/base/error.hpp"
#include "strata/oci/media_type.hpp"

using namespace strata;
using namespace strata::oci;

namespace {

Descriptor descriptor_of(std::string_view type, std::string_view bytes) {
  return {std::string(type), Digest::of(bytes), bytes.size(), {}, {}};
}

Manifest sample_manifest() {
  Manifest manifest{
      std::string(media_type::manifest),
      descriptor_of(media_type::config, "config"),
      {descriptor_of(media_type::layer_gzip, "one"), descriptor_of(media_type::layer, "two")},
      {{"org.example", "a \"quoted\" value"}}};
  manifest.layers[0].annotations["key"] = "value";
  manifest.layers[1].data = "two";
  manifest.artifact_type = "application/vnd.example";
  return manifest;
}

Descriptor for_platform(const char* os, const char* architecture, const char* variant) {
  Descriptor result = descriptor_of(media_type::manifest, std::string(architecture) + variant);
  result.platform = Platform{os, architecture, variant};
  return result;
}

void check_corrupt(const std::string& manifest) {
  CAPTURE(manifest);
  try {
    parse_manifest(manifest, "", "manifest");
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::corrupt);
  }
}

const std::string config_member =
    R"("config":{"mediaType":"c","digest":"sha256:)" + std::string(64, '0') + R"(","size":2})";

}  // namespace

TEST_CASE("printing and reading a manifest gives it back") {
  const Manifest manifest = sample_manifest();
  CHECK(parse_manifest(to_json(manifest), media_type::manifest, "m") == manifest);
}

TEST_CASE("embedded bytes count if they are what the descriptor names") {
  Descriptor blob = descriptor_of("text/plain", "two");
  CHECK(!embedded(blob));
  blob.data = "two";
  CHECK(embedded(blob) == "two");
  blob.data = "six";
  CHECK(!embedded(blob));
  blob.data = "twofold";
  CHECK(!embedded(blob));
}

TEST_CASE("printing and reading an index gives it back") {
  const Index index{{for_platform("linux", "arm", "v7"), for_platform("linux", "amd64", "")},
                    {{"a", "b"}}};
  CHECK(parse_index(to_json(index), media_type::index, "i") == index);
}

TEST_CASE("a manifest is printed in the order of the specification") {
  const std::string text = to_json(sample_manifest());
  CHECK(text.starts_with(R"({"schemaVersion":2,"mediaType":)"));
  CHECK(text.find("\"config\"") < text.find("\"layers\""));
  CHECK(text.find("\"layers\"") < text.find(R"("annotations":{"org.example")"));
}

TEST_CASE("a document that could be read as manifest and as index is refused") {
  std::string both = to_json(sample_manifest());
  both.insert(both.size() - 1, R"(,"manifests":[])");
  CHECK_THROWS_AS(parse_manifest(both, "", "m"), Error);
  CHECK_THROWS_AS(parse_index(both, "", "m"), Error);
}

TEST_CASE("a document is refused under a media type that is not its own") {
  const std::string text = to_json(sample_manifest());
  CHECK_THROWS_AS(parse_manifest(text, media_type::docker_manifest, "m"), Error);
  CHECK_THROWS_AS(parse_index(text, media_type::index, "m"), Error);
  CHECK_THROWS_AS(parse_manifest(to_json(Index{}), "", "m"), Error);
}

TEST_CASE("malformed manifests are corrupt input") {
  check_corrupt("");
  check_corrupt("[]");
  check_corrupt("{}");
  check_corrupt("{\"schemaVersion\":2}");
  check_corrupt("{\"schemaVersion\":1," + config_member + "}");
  check_corrupt("{\"schemaVersion\":2," + config_member + ",\"layers\":7}");
  check_corrupt(
      R"({"schemaVersion":2,"config":{"mediaType":"c","digest":"sha256:../..","size":2}})");
  check_corrupt(R"({"schemaVersion":2,"config":{"mediaType":"c","digest":"sha256:)" +
                std::string(64, '0') + R"(","size":-1}})");
  check_corrupt("{\"schemaVersion\":2," + config_member + "," + config_member + "}");
  check_corrupt(std::string(document_size_max + 1, ' '));
  check_corrupt(std::string(100000, '['));
}

TEST_CASE("more layers than overlayfs can stack are refused") {
  Manifest manifest = sample_manifest();
  manifest.layers.assign(501, manifest.layers[0]);
  check_corrupt(to_json(manifest));
}

TEST_CASE("the manifest of an index is chosen by platform and attestations are passed over") {
  Index index{{for_platform("unknown", "unknown", ""), for_platform("linux", "arm", "v6"),
               for_platform("linux", "arm", "v7"), for_platform("linux", "amd64", "")},
              {}};
  CHECK(choose_manifest(index, {"linux", "arm", "v7"}, "i") == index.manifests[2]);
  CHECK(choose_manifest(index, {"linux", "amd64", ""}, "i") == index.manifests[3]);
  index.manifests[3].annotations[annotation::docker_reference_type] = "attestation-manifest";
  try {
    choose_manifest(index, {"linux", "amd64", ""}, "the index");
    FAIL("found");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::not_found);
    CHECK(error.message() ==
          "the index has no image for linux/amd64; it has linux/arm/v6, linux/arm/v7");
  }
}

TEST_CASE("a lone manifest without a platform serves any") {
  const Index index{{descriptor_of(media_type::manifest, "x")}, {}};
  CHECK(&choose_manifest(index, {"linux", "s390x", ""}, "i") == &index.manifests[0]);
}
