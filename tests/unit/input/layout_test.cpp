#include "strata/input/layout.hpp"

#include <doctest/doctest.h>

#include "unit/store/sample_image.hpp"

using namespace strata;
using namespace strata::store;
using namespace strata::input;

namespace {

struct TwoImages {
  TemporaryStore from;
  oci::Image one = sample_image(from.store);
  oci::Image two = layered_image({put_layer(from.store, sample_top())});

  TwoImages() {
    from->images().put(one, {oci::parse_reference("app:one")});
    from->images().put(two, {oci::parse_reference("app:two")});
  }
  oci::Image open(const std::string& image) {
    TemporaryStore store;
    oci::Image opened =
        open_layout(store.store, {from.directory.path(), image}, oci::host_platform());
    CHECK(store->images().list().empty());
    for (const oci::Layer& layer : opened.layers()) CHECK(store->blobs().has(layer.blob.digest));
    return opened;
  }
};

}  // namespace

TEST_CASE("an image of a layout is opened by name or tag or digest without being listed") {
  TwoImages images;
  CHECK(images.open("app:one").id() == images.one.id());
  CHECK(images.open("two").id() == images.two.id());
  CHECK(images.open("docker.io/library/app:two").id() == images.two.id());
  CHECK(images.open(to_string(images.one.descriptor.digest)).id() == images.one.id());
}

TEST_CASE("a layout that leaves the choice open is refused with the names it has") {
  TwoImages images;
  for (const char* wanted : {"", "app", "three"}) {
    try {
      images.open(wanted);
      FAIL("opened");
    } catch (const Error& error) {
      CHECK(error.message().find("\"app:one\", \"app:two\"") != std::string::npos);
    }
  }
}

TEST_CASE("a layout reference is cut where the path on disk ends") {
  const TemporaryDirectory directory;
  const std::string path = directory / "with:colon";
  Root::open(directory.path()).make_directory("with:colon", 0755);
  CHECK(parse_layout_reference(path).host_path == path);
  CHECK(parse_layout_reference(path).image.empty());
  CHECK(parse_layout_reference(path + ":app:1").host_path == path);
  CHECK(parse_layout_reference(path + ":app:1").image == "app:1");
  CHECK(parse_layout_reference(path + "@sha256:00").image == "sha256:00");
  CHECK(parse_layout_reference("/no/such:tag").host_path == "/no/such:tag");
}
