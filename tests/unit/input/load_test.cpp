#include "strata/input/load.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "strata/content/archive.hpp"
#include "strata/store/verify.hpp"
#include "unit/store/sample_image.hpp"
#include "unit/store/tools.hpp"

using namespace strata;
using namespace strata::store;
using strata::input::load;
using strata::input::load_archive;
using strata::input::LoadedImage;

namespace {

/// Members of an archive in the order they are written.
using Members = std::vector<std::pair<std::string, std::string>>;

std::string archive_of(const Members& members) {
  StringSink bytes;
  ArchiveWriter archive(bytes);
  for (const auto& [name, text] : members) {
    if (text.starts_with("-> ")) {
      archive.add_symlink(name, text.substr(3));
    } else {
      archive.add_file(name, text);
    }
  }
  archive.finish();
  return bytes.take();
}

std::vector<LoadedImage> load_bytes(Store& store, const std::string& bytes,
                                    const input::LoadOptions& options = {}) {
  StringSource source(bytes);
  return load_archive(store, source, "the archive", options);
}

oci::Reference name(const std::string& text) { return oci::parse_reference(text); }

std::string blob_of(Store& store, const Digest& digest) {
  return store.blobs().read_document(digest, 100'000'000);
}

std::string blob_name(const Digest& digest) { return "blobs/sha256/" + digest.hex(); }

/// An image and its parts as files of an OCI layout.
struct Layout {
  TemporaryStore from;
  oci::Image image = sample_image(from.store);

  Members blobs() {
    Members members{{blob_name(image.descriptor.digest), image.manifest_json},
                    {blob_name(image.id()), image.config_json}};
    for (const oci::Layer& layer : image.layers()) {
      members.emplace_back(blob_name(layer.blob.digest), blob_of(from.store, layer.blob.digest));
    }
    return members;
  }
  std::string index(const std::string& ref_name, const std::string& whole_name = "") {
    oci::Descriptor entry = image.descriptor;
    if (!ref_name.empty()) entry.annotations[oci::annotation::ref_name] = ref_name;
    if (!whole_name.empty()) entry.annotations[oci::annotation::containerd_name] = whole_name;
    return oci::to_json(oci::Index{{entry}, {}});
  }
  Members members(const std::string& ref_name = "app:1") {
    Members all = blobs();
    all.insert(all.begin(), {"oci-layout", R"({"imageLayoutVersion":"1.0.0"})"});
    all.emplace_back("index.json", index(ref_name));
    return all;
  }
  /// Layers as uncompressed tars, as the classic docker archives have them.
  std::string plain_layer(std::size_t number) {
    const Digest digest = image.layers()[number].blob.digest;
    const Fd blob = from->blobs().open(digest);
    FdSource packed(blob.get());
    return read_all(*make_decompressor(packed, Codec::gzip), 100'000'000, "layer");
  }
};

ErrorKind kind_of_loading(const std::string& bytes) {
  TemporaryStore store;
  try {
    load_bytes(store.store, bytes);
  } catch (const Error& error) {
    CHECK(store->images().list().empty());
    return error.kind();
  }
  FAIL("loaded");
  return ErrorKind::system;
}

}  // namespace

TEST_CASE("an OCI archive is loaded with its members in any order") {
  Layout layout;
  Members members = layout.members();
  for (int turn = 0; turn < 2; ++turn) {
    TemporaryStore store;
    const auto loaded = load_bytes(store.store, archive_of(members));
    REQUIRE(loaded.size() == 1);
    CHECK(loaded[0].image.descriptor.digest == layout.image.descriptor.digest);
    CHECK(loaded[0].names == std::vector{name("app:1")});
    CHECK(loaded[0].replaced.empty());
    CHECK(store->images().at("app:1").image.id() == layout.image.id());
    CHECK(verify(store.store, Depth::bytes).empty());
    CHECK(store->root().list("tmp").empty());
    std::reverse(members.begin(), members.end());
  }
}

TEST_CASE("a compressed archive is loaded too") {
  Layout layout;
  const TemporaryDirectory directory;
  std::ofstream(directory / "x.tar", std::ios::binary) << archive_of(layout.members());
  for (const char* packer : {"gzip", "xz", "zstd -q", "bzip2"}) {
    CAPTURE(packer);
    if (!run_shell(cat(packer, " -k -c ", directory / "x.tar", " > ", directory / "packed"))) {
      MESSAGE("skipped: this packer is not installed");
      continue;
    }
    TemporaryStore store;
    CHECK(load(store.store, directory / "packed", {}).size() == 1);
  }
}

TEST_CASE("a layout directory is loaded") {
  Layout layout;
  layout.from->images().put(layout.image, {name("team/app:2")});
  TemporaryStore store;
  const auto loaded = load(store.store, layout.from.directory.path(), {});
  REQUIRE(loaded.size() == 1);
  CHECK(loaded[0].names == std::vector{name("team/app:2")});
  CHECK(verify(store.store, Depth::bytes).empty());
}

TEST_CASE("names come from whole names and a mere tag is none") {
  Layout layout;
  Members members = layout.blobs();
  members.emplace_back("index.json", layout.index("v1"));
  {
    TemporaryStore store;
    CHECK(load_bytes(store.store, archive_of(members))[0].names.empty());
    CHECK(store->images().list().size() == 1);
  }
  members.back().second = layout.index("v1", "docker.io/library/app:v1");
  TemporaryStore store;
  CHECK(load_bytes(store.store, archive_of(members))[0].names == std::vector{name("app:v1")});
  input::LoadOptions options;
  options.names = {name("mine")};
  CHECK(load_bytes(store.store, archive_of(members), options)[0].names == options.names);
  CHECK(store->images().at("mine").names.size() == 2);
}

TEST_CASE("a load that takes a name from another image says so") {
  Layout layout;
  TemporaryStore store;
  store->images().put(bare_image(store.store, "mine"), {name("app:1")});
  CHECK(load_bytes(store.store, archive_of(layout.members()))[0].replaced ==
        std::vector{name("app:1")});
  CHECK(load_bytes(store.store, archive_of(layout.members()))[0].replaced.empty());
}

TEST_CASE("a classic docker archive keeps the image id") {
  Layout layout;
  const Members members{{"one/layer.tar", layout.plain_layer(0)},
                        {"two/layer.tar", layout.plain_layer(1)},
                        {"three/layer.tar", "-> ../two/layer.tar"},
                        {"c.json", layout.image.config_json},
                        {"manifest.json", R"([{"Config":"c.json","RepoTags":["app:1","app:2"],)"
                                          R"("Layers":["one/layer.tar","three/layer.tar"]}])"}};
  TemporaryStore store;
  const auto loaded = load_bytes(store.store, archive_of(members));
  REQUIRE(loaded.size() == 1);
  CHECK(loaded[0].image.id() == layout.image.id());
  CHECK(loaded[0].names == std::vector{name("app:1"), name("app:2")});
  CHECK(verify(store.store, Depth::bytes).empty());
}

TEST_CASE("the oldest docker archive becomes an image with its history") {
  Layout layout;
  const std::string base(64, 'a');
  const std::string top(64, 'b');
  const Members members{
      {"repositories", R"({"app":{"old":")" + top + R"("}})"},
      {top + "/VERSION", "1.0"},
      {top + "/json",
       R"({"id":")" + top + R"(","parent":")" + base +
           R"(","created":"2015-01-01T00:00:00Z","os":"linux","architecture":"amd64",)"
           R"("container_config":{"Cmd":["/bin/sh","-c","true"]},"config":{"Cmd":["sh"]}})"},
      {top + "/layer.tar", layout.plain_layer(1)},
      {base + "/json", R"({"id":")" + base + R"(","created":"2014-01-01T00:00:00Z"})"},
      {base + "/layer.tar", layout.plain_layer(0)}};
  TemporaryStore store;
  const auto loaded = load_bytes(store.store, archive_of(members));
  REQUIRE(loaded.size() == 1);
  const oci::ImageConfig& config = loaded[0].image.config;
  CHECK(loaded[0].names == std::vector{name("app:old")});
  CHECK(config.diff_ids == layout.image.config.diff_ids);
  CHECK(config.run.cmd == std::vector<std::string>{"sh"});
  REQUIRE(config.history.size() == 2);
  CHECK(config.history[1].created_by == "/bin/sh -c true");
}

TEST_CASE("archives that skopeo writes are loaded") {
  if (!has_tool("skopeo")) {
    MESSAGE("skipped: skopeo is not installed");
    return;
  }
  Layout layout;
  layout.from->images().put(layout.image, {name("app:1")});
  const TemporaryDirectory directory;
  const std::string copy =
      "skopeo --insecure-policy copy oci:" + layout.from.directory.path() + ":app:1 ";
  REQUIRE(run_shell(copy + "docker-archive:" + (directory / "docker.tar") + ":app:1"));
  REQUIRE(run_shell(copy + "oci-archive:" + (directory / "oci.tar") + ":app:1"));
  for (const char* file : {"docker.tar", "oci.tar"}) {
    TemporaryStore store;
    const auto loaded = load(store.store, directory / file, {});
    REQUIRE(loaded.size() == 1);
    CHECK(loaded[0].names == std::vector{name("app:1")});
    CHECK(loaded[0].image.config.diff_ids == layout.image.config.diff_ids);
    CHECK(verify(store.store, Depth::bytes).empty());
  }
}

TEST_CASE("of a multi-platform image the wanted platform is loaded") {
  Layout layout;
  oci::Descriptor wanted = layout.image.descriptor;
  wanted.platform = oci::Platform{"linux", "riscv64", ""};
  oci::Descriptor other = wanted;
  other.digest = Digest::of("absent");
  other.platform = oci::Platform{"linux", "s390x", ""};
  oci::Descriptor attestation = other;
  attestation.platform = oci::Platform{"unknown", "unknown", ""};
  const std::string nested = oci::to_json(oci::Index{{attestation, other, wanted}, {}});
  const oci::Descriptor index{
      std::string(oci::media_type::index), Digest::of(nested), nested.size(), {}, {}};
  Members members = layout.blobs();
  members.emplace_back(blob_name(index.digest), nested);
  members.emplace_back("index.json", oci::to_json(oci::Index{{index}, {}}));
  input::LoadOptions options;
  options.platform = {"linux", "riscv64", ""};
  TemporaryStore store;
  CHECK(load_bytes(store.store, archive_of(members), options)[0].image.id() == layout.image.id());
  options.platform = {"linux", "mips", ""};
  CHECK_THROWS_AS(load_bytes(store.store, archive_of(members), options), Error);
}

TEST_CASE("what is no image archive is refused with what was expected") {
  CHECK(kind_of_loading("") == ErrorKind::corrupt);
  CHECK(kind_of_loading("no tar") == ErrorKind::corrupt);
  CHECK(kind_of_loading(archive_of({{"etc/passwd", "root"}})) == ErrorKind::corrupt);
  CHECK(kind_of_loading(archive_of({{"index.json", R"({"schemaVersion":2,"manifests":[]})"}})) ==
        ErrorKind::not_found);
}

TEST_CASE("a hostile archive lists no image") {
  Layout layout;
  const Members good = layout.members();
  for (std::size_t i = 0; i < good.size(); ++i) {
    CAPTURE(good[i].first);
    if (good[i].first == "oci-layout") continue;
    Members missing = good;
    missing.erase(missing.begin() + i);
    CHECK(kind_of_loading(archive_of(missing)) == ErrorKind::corrupt);
    Members changed = good;
    changed[i].second[changed[i].second.size() / 2] ^= 1;
    CHECK(kind_of_loading(archive_of(changed)) == ErrorKind::corrupt);
  }
  const auto docker = [&](const std::string& manifest) {
    return kind_of_loading(archive_of({{"c.json", layout.image.config_json},
                                       {"1/layer.tar", layout.plain_layer(0)},
                                       {"loop", "-> loop"},
                                       {"out", "-> /etc/passwd"},
                                       {"manifest.json", manifest}}));
  };
  CHECK(docker("{}") == ErrorKind::corrupt);
  CHECK(docker(R"([{"Config":"../../etc/passwd","Layers":[]}])") == ErrorKind::corrupt);
  CHECK(docker(R"([{"Config":"c.json","Layers":[]}])") == ErrorKind::corrupt);
  CHECK(docker(R"([{"Config":"c.json","Layers":["1/layer.tar","1/layer.tar"]}])") ==
        ErrorKind::corrupt);
  CHECK(docker(R"([{"Config":"loop","Layers":[]}])") == ErrorKind::corrupt);
  CHECK(docker(R"([{"Config":"out","Layers":[]}])") == ErrorKind::corrupt);
  const std::string id(64, 'a');
  CHECK(kind_of_loading(archive_of({{"repositories", R"({"a":{"b":"../../x"}})"}})) ==
        ErrorKind::corrupt);
  CHECK(kind_of_loading(archive_of({{"repositories", R"({"a":{"b":")" + id + R"("}})"},
                                    {id + "/json", R"({"parent":")" + id + R"("})"}})) ==
        ErrorKind::corrupt);
}

TEST_CASE("an archive cut short anywhere lists no image") {
  Layout layout;
  const std::string whole = archive_of(layout.members());
  for (std::size_t length = 0; length + 2048 < whole.size(); length += whole.size() / 23) {
    CHECK(kind_of_loading(whole.substr(0, length)) == ErrorKind::corrupt);
  }
}
