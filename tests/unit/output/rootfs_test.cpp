#include "strata/output/rootfs.hpp"

#include <doctest/doctest.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <fstream>

#include "strata/content/tar.hpp"
#include "strata/output/write.hpp"
#include "unit/store/sample_image.hpp"
#include "unit/store/tools.hpp"

using namespace strata;
using namespace strata::store;
using namespace strata::output;

namespace {

/// What a container of the sample image would see.
const std::vector<std::string> visible{
    "bin", "bin/su", "dev",     "dev/null", "etc",      "etc/a", "etc/b", "etc/new", "etc/owned",
    "lib", "old",    "old/two", "run",      "run/pipe", "tmp",   "usr",   "usr/big", "usr/empty"};

std::string tar_of(Store& store, const oci::Image& image) {
  StringSink tar;
  write_rootfs_tar(store, image, tar);
  return tar.take();
}

std::vector<std::string> short_paths(std::vector<std::string> paths) {
  std::erase_if(paths, [](const std::string& path) { return path.size() > 100; });
  return paths;
}

}  // namespace

TEST_CASE("the tar of a root file system has what a container would see") {
  TemporaryStore store;
  for (const Codec codec : {Codec::gzip, Codec::none, Codec::zstd}) {
    const std::string bytes =
        tar_of(store.store, sample_image(store.store, make_compression(codec, 0)));
    StringSource source(bytes);
    TarReader tar(source);
    std::vector<std::string> paths;
    while (const auto entry = tar.next()) {
      paths.push_back(entry->path);
      CHECK_FALSE(entry->is_removal());
      if (entry->path == "etc/b") {
        CHECK(entry->type == EntryType::hard_link);
        CHECK(entry->rare->link == "etc/a");
      }
      if (entry->path == "etc/owned") CHECK(entry->rare->xattrs.size() == 1);
      if (entry->path == "old") CHECK(entry->mode == 0750);
    }
    CHECK(short_paths(paths) == visible);
  }
}

TEST_CASE("a link whose file a later layer has removed keeps its bytes") {
  TemporaryStore store;
  const oci::Image image =
      layered_image({put_layer(store.store, {{file_entry("a", "bytes"), "bytes"},
                                             {entry_of(EntryType::hard_link, "b", "a"), ""}}),
                     put_layer(store.store, {{entry_of(EntryType::whiteout, "a"), ""}})});
  const TemporaryDirectory directory;
  write_rootfs_directory(store.store, image, directory.path());
  CHECK(read_host_file(directory / "b", 10) == "bytes");
  CHECK_FALSE(Root::open(directory.path()).find_stat("a"));
}

TEST_CASE("the tar and the directory hold the same") {
  TemporaryStore store;
  const oci::Image image = sample_image(store.store);
  const TemporaryDirectory directory;
  write_rootfs_directory(store.store, image, directory / "local");
  std::ofstream(directory / "x.tar", std::ios::binary) << tar_of(store.store, image);
  ::mkdir((directory / "tar").c_str(), 0755);
  REQUIRE(run_shell("tar --xattrs --xattrs-include='*' -C " + (directory / "tar") + " -xpf " +
                    (directory / "x.tar")));
  const auto listing = [&](const std::string& folder) {
    const std::string log = directory / "log";
    REQUIRE(run_shell("cd " + (directory / folder) +
                          " && find . -mindepth 1 -printf '%P %y %m %U %G %T@ %l %n\\n' | sort && "
                          "find . -type f | sort | xargs sha256sum && "
                          "find . -type f | sort | xargs getfattr -d -m user",
                      log));
    return read_host_file(log, 1'000'000);
  };
  CHECK(listing("local") == listing("tar"));
}

TEST_CASE("a directory that holds something already keeps it unless it is in the way") {
  TemporaryStore store;
  const oci::Image image = layered_image(
      {put_layer(store.store, {{directory_entry("d"), ""}, {file_entry("d/f", "new"), "new"}})});
  const TemporaryDirectory directory;
  const TemporaryDirectory outside;
  const Root root = Root::open(directory.path());
  root.make_directory("d", 0700);
  std::ofstream(directory / "d/mine") << "mine";
  root.make_symlink("d/f", outside.path() + "/target");
  write_rootfs_directory(store.store, image, directory.path());
  CHECK(read_host_file(directory / "d/mine", 10) == "mine");
  CHECK(read_host_file(directory / "d/f", 10) == "new");
  CHECK(Root::open(outside.path()).list("").empty());

  root.remove("d/f");
  root.make_directory("d/f", 0755);
  CHECK_THROWS_AS(write_rootfs_directory(store.store, image, directory.path()), Error);
}

TEST_CASE("a root file system is made of one image only") {
  TemporaryStore store;
  const std::vector<NamedImage> two{{sample_image(store.store), {}},
                                    {sample_image(store.store), {}}};
  CHECK_THROWS_AS(write_output(store.store, two, parse_output("type=tar,dest=/dev/null")), Error);
  CHECK_THROWS_AS(write_output(store.store, {}, parse_output("type=oci,dest=/dev/null")), Error);
}
