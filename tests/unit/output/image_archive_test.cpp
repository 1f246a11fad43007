#include "strata/output/image_archive.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <fstream>

#include "strata/input/load.hpp"
#include "strata/output/write.hpp"
#include "strata/store/verify.hpp"
#include "unit/store/sample_image.hpp"
#include "unit/store/tools.hpp"

using namespace strata;
using namespace strata::store;
using namespace strata::output;

namespace {

oci::Reference name(const std::string& text) { return oci::parse_reference(text); }

struct Exporter {
  TemporaryStore store;
  TemporaryDirectory directory;
  std::vector<NamedImage> images{{sample_image(store.store), {name("app:1"), name("r.io/x/app")}}};

  std::string write(const std::string& spec, const std::string& file) {
    write_output(store.store, images, parse_output("type=" + spec + ",dest=" + (directory / file)));
    return directory / file;
  }
};

std::string bytes_of(const std::string& path) { return read_host_file(path, 100'000'000); }

bool needs(const std::string& tool) {
  if (has_tool(tool)) return true;
  MESSAGE("skipped: ", tool, " is not installed");
  return false;
}

}  // namespace

TEST_CASE("what an exporter writes is loaded back as the same image") {
  Exporter from;
  from.images.push_back({layered_image({put_layer(from.store.store, sample_top())}), {}});
  for (const char* spec : {"oci", "docker", "oci,tar=false"}) {
    CAPTURE(spec);
    TemporaryStore store;
    const auto loaded = input::load(
        store.store, from.write(spec, "out-" + std::to_string(std::string(spec).size())), {});
    REQUIRE(loaded.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
      CHECK(loaded[i].image.descriptor.digest == from.images[i].image.descriptor.digest);
      CHECK(loaded[i].names == from.images[i].names);
    }
    CHECK(verify(store.store, Depth::bytes).empty());
  }
}

TEST_CASE("the same image gives the same archive") {
  Exporter one;
  Exporter two;
  for (const char* spec : {"oci", "docker"}) {
    CHECK(bytes_of(one.write(spec, "a")) == bytes_of(two.write(spec, "b")));
  }
  StringSink sink;
  write_archive(one.store.store, one.images, ArchiveForm::oci, sink);
  CHECK(sink.text() == bytes_of(one.write("oci", "c")));
}

TEST_CASE("an archive is there whole or not at all") {
  Exporter from;
  const std::string path = from.write("oci", "x.tar");
  const std::string whole = bytes_of(path);
  const Digest layer = from.images[0].image.layers()[0].blob.digest;
  const std::string blob = from.store.directory / ("blobs/sha256/" + layer.hex());
  from.store->blobs().flush();
  std::string damaged = bytes_of(blob);
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
  ::chmod(blob.c_str(), 0600);
  std::ofstream(blob, std::ios::binary) << damaged;
  for (const char* spec : {"oci", "docker", "oci,tar=false"}) {
    CHECK_THROWS_AS(from.write(spec, "new"), Error);
    CHECK_THROWS_AS(from.write(spec, "x.tar"), Error);
    CHECK(bytes_of(path) == whole);
    CHECK_FALSE(Root::open(from.directory.path()).find_stat("new/index.json"));
  }
}

TEST_CASE("large layers are copied beside each other") {
  Exporter from;
  std::vector<oci::Layer> layers;
  for (int i = 0; i < 7; ++i) {
    const std::string text = cat(i, std::string(5 << 20, 'x'));
    layers.push_back(
        put_layer(from.store.store, {{file_entry("f", text), text}}, {Codec::none, 0}));
  }
  from.images = {{layered_image(layers), {name("large")}}};
  // Into a file the kernel copies; elsewhere the bytes pass through.
  StringSink passed;
  write_archive(from.store.store, from.images, ArchiveForm::oci, passed);
  CHECK(bytes_of(from.write("oci", "large.tar")) == passed.text());
  from.write("oci,tar=false", "layout");
  for (const oci::Layer& layer : layers) {
    const std::string blob = "blobs/sha256/" + layer.blob.digest.hex();
    const std::string text = bytes_of(from.directory / ("layout/" + blob));
    CHECK(Digest::of(text) == layer.blob.digest);
    const Fd file = from.store->root().open_file(blob, O_RDWR, Links::keep);
    REQUIRE(::pwrite(file.get(), "y", 1, 3 << 20) == 1);
    CHECK_THROWS_AS(from.write("oci", "damaged.tar"), Error);
    CHECK_THROWS_AS(from.write("oci,tar=false", "damaged"), Error);
    REQUIRE(::pwrite(file.get(), "x", 1, 3 << 20) == 1);
  }
}

TEST_CASE("a layout directory takes images one after the other and names move") {
  Exporter from;
  const std::string path = from.write("oci,tar=false", "layout");
  from.images = {{layered_image({put_layer(from.store.store, sample_top())}), {name("app:1")}}};
  from.write("oci,tar=false", "layout");
  TemporaryStore store;
  CHECK(input::load(store.store, path, {}).size() == 2);
  CHECK(store->images().at("app:1").image.id() == from.images[0].image.id());
  CHECK(store->images().at("r.io/x/app").image.id() != from.images[0].image.id());
}

TEST_CASE("a directory with other things in it is no place for a layout") {
  Exporter from;
  std::ofstream(from.directory / "letter") << "dear";
  CHECK_THROWS_AS(write_layout(from.store.store, from.images, from.directory.path()), Error);
  CHECK(Root::open(from.directory.path()).list("") == std::vector<std::string>{"letter"});
}

TEST_CASE("names in the output option replace those of the image") {
  Exporter from;
  TemporaryStore store;
  const auto loaded = input::load(store.store, from.write("oci,name=other:2", "x"), {});
  CHECK(loaded[0].names == std::vector{name("other:2")});
}

TEST_CASE("a device is written and not replaced") {
  Exporter from;
  write_output(from.store.store, from.images, parse_output("type=oci,dest=/dev/null"));
  CHECK(S_ISCHR(Root::open("/dev").find_stat("null")->st_mode));
}

TEST_CASE("skopeo reads every form") {
  if (!needs("skopeo")) return;
  Exporter from;
  const std::string oci = from.write("oci", "oci.tar");
  const std::string docker = from.write("docker", "docker.tar");
  const std::string layout = from.write("oci,tar=false", "layout");
  const std::string log = from.directory / "log";
  for (const std::string& source :
       {"oci-archive:" + oci + ":app:1", "docker-archive:" + oci + ":app:1",
        "docker-archive:" + docker + ":app:1", "oci-archive:" + docker + ":r.io/x/app:latest",
        "oci:" + layout + ":app:1", "oci:" + from.store.directory.path() + ":app:1"}) {
    CAPTURE(source);
    from.store->images().put(from.images[0].image, {name("app:1")});
    const bool copied = run_shell(
        "skopeo --insecure-policy copy " + source + " oci:" + (from.directory / "copy") + ":c",
        log);
    CAPTURE(bytes_of(log));
    CHECK(copied);
  }
}

TEST_CASE("umoci unpacks an exported layout and the store itself") {
  if (!needs("umoci") || !needs("jq")) return;
  Exporter from;
  from.store->images().put(from.images[0].image, {name("app:1")});
  const std::string layout = from.write("oci,tar=false", "layout");
  const std::string log = from.directory / "log";
  int number = 0;
  for (const std::string& path : {layout, from.store.directory.path()}) {
    const std::string bundle = from.directory / ("bundle" + std::to_string(++number));
    const bool unpacked = run_shell("umoci unpack --image " + path + ":app:1 " + bundle, log);
    CAPTURE(bytes_of(log));
    REQUIRE(unpacked);
    CHECK(bytes_of(bundle + "/rootfs/old/two") == "2");
    CHECK_FALSE(Root::open(bundle + "/rootfs").find_stat("old/one"));
  }
}

TEST_CASE("podman loads both archives under their names") {
  if (!needs("podman")) return;
  Exporter from;
  const std::string podman = "podman --root " + (from.directory / "p") + " --runroot " +
                             (from.directory / "r") + " --storage-driver vfs ";
  const std::string log = from.directory / "log";
  for (const char* spec : {"oci", "docker"}) {
    CAPTURE(spec);
    const bool loaded = run_shell(
        podman + "load -i " + from.write(spec, "x.tar") + " && " + podman + "image exists app:1",
        log);
    CAPTURE(bytes_of(log));
    CHECK(loaded);
  }
}
