#include "strata/store/layers.hpp"

#include <doctest/doctest.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "strata/content/tar.hpp"
#include "unit/store/sample_image.hpp"

using namespace strata;
using namespace strata::store;

namespace {

std::string text_of(Source& source) { return read_all(source, 10'000'000, "file"); }

std::string read_in(const std::string& root, const std::string& path) {
  const Fd file = Root::open(root).open_file(path, O_RDONLY, Links::keep);
  return read_all(file.get(), 10'000'000, path);
}

struct stat stat_in(const std::string& root, const std::string& path) {
  const auto info = Root::open(root).find_stat(path);
  REQUIRE(info);
  return *info;
}

std::string xattr_in(const std::string& root, const std::string& path, const char* name) {
  char value[100];
  const ssize_t length = ::lgetxattr((root + "/" + path).c_str(), name, value, sizeof value);
  return length < 0 ? "" : std::string(value, static_cast<std::size_t>(length));
}

/// Everything that can be seen of what lies below, but for the times of whiteouts, and of
/// directories that the layer has no entries for: nobody says them.
std::string listing_of(const std::string& root) {
  std::map<std::string, std::string> lines;
  for (const auto& item : std::filesystem::recursive_directory_iterator(root)) {
    const std::string path = item.path().string().substr(root.size() + 1);
    const struct stat info = stat_in(root, path);
    std::string& line = lines[path];
    line = cat(path, ' ', info.st_mode, ' ', info.st_uid, ':', info.st_gid, ' ', info.st_nlink, ' ',
               info.st_rdev, ' ', xattr_in(root, path, "user.note"),
               xattr_in(root, path, "trusted.overlay.opaque"));
    const bool is_whiteout = S_ISCHR(info.st_mode) && info.st_rdev == 0;
    const bool is_unsaid = S_ISDIR(info.st_mode) && path.starts_with("unsaid");
    if (!is_whiteout && !is_unsaid) line += cat(" @", info.st_mtime);
    if (S_ISREG(info.st_mode)) line += cat(' ', Digest::of(read_in(root, path)).hex());
    if (S_ISLNK(info.st_mode)) line += cat(' ', Root::open(root).read_link(path));
  }
  std::string listing;
  for (const auto& [path, line] : lines) listing += line + '\n';
  return listing;
}

/// A layer as its entries' headers stand in a foreign tar: in any order, duplicates and all.
oci::Layer foreign_layer(Store& store, const Contents& contents) {
  StringSink tar_bytes;
  TarWriter tar(tar_bytes);
  for (const auto& [entry, text] : contents) {
    ViewSource bytes(text);
    tar.add(entry, entry.is_file() ? &bytes : nullptr);
  }
  tar.finish();
  StringSource source(tar_bytes.take());
  return store.layers().import_blob(source, std::nullopt, std::nullopt);
}

bool is_root() { return ::geteuid() == 0; }

/// Changes the marker, as a new start of the machine would change what it is compared with.
void pretend_reboot(const Store& store, const DiffId& diff_id) {
  std::ofstream(store.host_path() + "/unpacked/" + diff_id.hex() + "/boot") << "another boot";
}

}  // namespace

TEST_CASE("a written layer has its tree at hand and another process reads it from its file") {
  TemporaryStore store;
  const oci::Layer layer = put_layer(store.store, sample_base());
  const auto tree = store.open_again()->layers().find_tree(layer.diff_id);
  REQUIRE(tree);
  CHECK(tree->tree.find("etc/a"));
  CHECK(tree->blob == layer.blob.digest);
}

TEST_CASE("a tree that was lost or damaged is read back from the blob") {
  TemporaryStore store;
  const oci::Layer layer = put_layer(store.store, sample_base());
  const Tree truth = store->layers().tree(layer)->tree;
  const std::string path = store.directory / ("trees/" + layer.diff_id.hex());
  std::ofstream(path) << "damaged";
  const auto other = store.open_again();
  CHECK_FALSE(other->layers().find_tree(layer.diff_id));
  CHECK(tree_digest(other->layers().tree(layer)->tree, CompareTimes::yes) ==
        tree_digest(truth, CompareTimes::yes));
  CHECK(store.open_again()->layers().find_tree(layer.diff_id));
}

TEST_CASE("files are read singly whatever packs the layer") {
  TemporaryStore store;
  for (const Codec codec : {Codec::gzip, Codec::none, Codec::zstd}) {
    const oci::Layer layer = put_layer(store.store, sample_base(), make_compression(codec, 0));
    const auto tree = store->layers().tree(layer);
    for (const auto& [entry, text] : sample_base()) {
      if (!entry.is_file()) continue;
      CHECK(text_of(*store->layers().open_file(layer, *tree->tree.find(entry.path))) == text);
    }
  }
}

TEST_CASE("a file of a layer that lies unpacked is verified too" * doctest::skip(!is_root())) {
  TemporaryStore first;
  const std::string large(20 << 20, 'x');
  const oci::Layer made = put_layer(first.store, {{file_entry("large", large), large}});
  // As of another tool: without a chunk table, and too large to be kept decoded.
  TemporaryStore store;
  StringSource blob(first->blobs().read_document(made.blob.digest, 1 << 20));
  const oci::Layer layer = store->layers().import_blob(blob, std::nullopt, std::nullopt);
  const Entry entry = *store->layers().tree(layer)->tree.find("large");
  const auto read = [&] {
    return read_all(*store->layers().open_file(layer, entry), large.size(), "large");
  };
  CHECK(read() == large);
  const Fd file =
      Root::open(store->layers().unpacked_path(layer)).open_file("large", O_WRONLY, Links::keep);
  CHECK(::pwrite(file.get(), "y", 1, 1000) == 1);
  CHECK_THROWS_AS(read(), Error);
}

TEST_CASE("an imported blob is the layer it claims to be or none") {
  TemporaryStore store;
  const oci::Layer layer = put_layer(store.store, sample_top());
  const std::string bytes = store->blobs().read_document(layer.blob.digest, 1'000'000);
  TemporaryStore other;
  {
    StringSource source(bytes);
    const oci::Layer again = other->layers().import_blob(source, layer.blob.digest, layer.diff_id);
    CHECK(again.diff_id == layer.diff_id);
    CHECK(again.blob == layer.blob);
  }
  TemporaryStore third;
  StringSource wrong_diff(bytes);
  CHECK_THROWS_AS(
      third->layers().import_blob(wrong_diff, std::nullopt, DiffId(Digest::of("other"))), Error);
  StringSource wrong_bytes(bytes + "x");
  CHECK_THROWS_AS(third->layers().import_blob(wrong_bytes, layer.blob.digest, std::nullopt), Error);
  StringSource no_tar("this is no tar archive at all");
  CHECK_THROWS_AS(third->layers().import_blob(no_tar, std::nullopt, std::nullopt), Error);
  CHECK(third->blobs().list().empty());
}

TEST_CASE("a stored blob that is known under a DiffId is not believed to be another") {
  TemporaryStore store;
  const oci::Layer layer = put_layer(store.store, sample_top());
  const oci::Layer other = put_layer(store.store, sample_base());
  CHECK(store->layers().import_stored(layer.blob.digest, layer.diff_id).blob == layer.blob);
  CHECK_THROWS_AS(store->layers().import_stored(layer.blob.digest, other.diff_id), Error);
}

TEST_CASE("an unpacked layer is an overlay lower directory" * doctest::skip(!is_root())) {
  TemporaryStore store;
  const std::string base = store->layers().unpacked_path(put_layer(store.store, sample_base()));
  CHECK(base.starts_with(store.directory.path()));
  CHECK(read_in(base, "usr/big").size() == 3'000'000);
  CHECK((stat_in(base, "bin/su").st_mode & 07777) == 04755);
  CHECK((stat_in(base, "tmp").st_mode & 07777) == 01777);
  CHECK(stat_in(base, "etc/owned").st_gid == 70000);
  CHECK(xattr_in(base, "etc/owned", "user.note") == "hello");
  CHECK(stat_in(base, "etc/a").st_ino == stat_in(base, "etc/b").st_ino);
  CHECK(stat_in(base, "etc/a").st_mtime == 1000);
  CHECK(stat_in(base, "etc").st_mtime == 2000);
  CHECK(S_ISFIFO(stat_in(base, "run/pipe").st_mode));
  CHECK(stat_in(base, "dev/null").st_rdev == makedev(1, 3));
  CHECK(Root::open(base).read_link("lib") == "usr/lib");

  const std::string top = store->layers().unpacked_path(put_layer(store.store, sample_top()));
  CHECK(S_ISCHR(stat_in(top, "etc/removed").st_mode));
  CHECK(stat_in(top, "etc/removed").st_rdev == makedev(0, 0));
  CHECK(xattr_in(top, "old", "trusted.overlay.opaque") == "y");
  CHECK((stat_in(top, "old").st_mode & 07777) == 0750);
}

TEST_CASE("an unpacked layer is not believed after a new start of the machine") {
  TemporaryStore store;
  const oci::Layer layer = put_layer(store.store, sample_top());
  const std::string path = store->layers().unpacked_path(layer);
  std::ofstream(path + "/etc/new") << "kept";
  CHECK(store->layers().unpacked_path(layer) == path);
  CHECK(read_in(path, "etc/new") == "kept");
  pretend_reboot(store.store, layer.diff_id);
  CHECK(store->layers().unpacked_path(layer) == path);
  CHECK(read_in(path, "etc/new") == "new");
}

TEST_CASE("a layer is unpacked the same with and without a pool and its tree") {
  TemporaryStore store;
  WorkerPool pool(2);
  const oci::Layer layer = put_layer(store.store, sample_base());
  const std::string path = store->layers().unpacked_path(layer);
  const auto big_file_of = [&](const Store& other) {
    return read_in(other.layers().unpacked_path(layer, &pool), "usr/big");
  };
  const std::string big = big_file_of(store.store);
  for (const bool has_tree : {true, false}) {
    pretend_reboot(store.store, layer.diff_id);
    if (!has_tree) store->root().remove("trees/" + layer.diff_id.hex());
    CHECK(big_file_of(*store.open_again()) == big);
  }
  CHECK(store.open_again()->layers().find_tree(layer.diff_id));
}

TEST_CASE("files side by side are unpacked as front to back" * doctest::skip(!is_root())) {
  Contents many{{directory_entry("d", 0500), ""}, {directory_entry("d/deep"), ""}};
  for (int i = 0; i < 900; ++i) {
    const std::string text(static_cast<std::size_t>(i) * 37 % 9000,
                           static_cast<char>('a' + i % 26));
    const std::string above = i % 3 == 0 ? "d/" : i % 3 == 1 ? "d/deep/" : "unsaid/directory/";
    many.push_back({file_entry(cat(above, i), text, i % 7 == 0 ? 04711 : 0600), text});
    if (i % 50 == 0)
      many.push_back({entry_of(EntryType::hard_link, cat("unsaid/links/", i), cat(above, i)), ""});
  }
  for (Contents contents : {sample_base(), sample_top(), many}) {
    std::erase_if(contents, [](const auto& item) { return item.first.path == "usr/big"; });
    for (const Codec codec : {Codec::gzip, Codec::none}) {
      TemporaryStore store;
      WorkerPool pool(3);
      const oci::Layer layer = put_layer(store.store, contents, make_compression(codec, 0));
      const std::string path = store->layers().unpacked_path(layer);
      const std::string front_to_back = listing_of(path);
      CHECK(front_to_back.size() > contents.size() * 20);
      pretend_reboot(store.store, layer.diff_id);
      CHECK(listing_of(store->layers().unpacked_path(layer, &pool)) == front_to_back);
    }
  }
}

TEST_CASE("removals with something below them are unpacked the same side by side" *
          doctest::skip(!is_root())) {
  TemporaryStore store;
  WorkerPool pool(3);
  Contents contents{{entry_of(EntryType::whiteout, "unsaid-gone"), ""},
                    {entry_of(EntryType::opaque, "unsaid-opaque"), ""},
                    {entry_of(EntryType::whiteout, "unsaid-whiteout"), ""}};
  for (int i = 0; i < 300; ++i) {
    const char* above = i % 2 == 0 ? "unsaid-opaque/" : "unsaid-whiteout/";
    contents.push_back({file_entry(cat(above, i), "x"), "x"});
  }
  const oci::Layer layer = foreign_layer(store.store, contents);
  const std::string front_to_back = listing_of(store->layers().unpacked_path(layer));
  pretend_reboot(store.store, layer.diff_id);
  CHECK(listing_of(store->layers().unpacked_path(layer, &pool)) == front_to_back);
}

TEST_CASE("a damaged file is found where files are unpacked side by side") {
  TemporaryStore store;
  WorkerPool pool(2);
  Contents contents;
  for (const char* name : {"a", "b", "c"})
    contents.push_back({file_entry(name, std::string(5000, *name)), std::string(5000, *name)});
  const oci::Layer layer = put_layer(store.store, contents, {Codec::none, 0});
  store->blobs().flush();
  const Fd blob =
      store->root().open_file("blobs/sha256/" + layer.blob.digest.hex(), O_RDWR, Links::keep);
  const auto offset = store->layers().tree(layer)->tree.find("b")->data_offset;
  REQUIRE(::pwrite(blob.get(), "x", 1, static_cast<off_t>(offset)) == 1);
  CHECK_THROWS_WITH_AS(store->layers().unpacked_path(layer, &pool),
                       doctest::Contains("\"b\" has not the bytes"), Error);
  CHECK(store->root().list("unpacked").empty());
  CHECK(store->root().list("tmp").empty());
}

TEST_CASE("a blob that is not the layer leaves nothing unpacked whether or not it has a tree") {
  TemporaryStore store;
  WorkerPool pool(2);
  const oci::Layer layer = put_layer(store.store, sample_base());
  const oci::Layer other = put_layer(store.store, sample_top());
  const oci::Layer lie{layer.diff_id, other.blob};
  for (const bool has_tree : {true, false}) {
    if (!has_tree) store->root().remove("trees/" + layer.diff_id.hex());
    const auto again = store.open_again();
    CHECK_THROWS_WITH_AS(again->layers().unpacked_path(lie, &pool),
                         doctest::Contains("but the image says"), Error);
    CHECK(again->root().list("unpacked").empty());
    CHECK(again->root().list("tmp").empty());
  }
}

TEST_CASE("a directory made elsewhere is adopted once") {
  TemporaryStore store;
  const DiffId diff_id(Digest::of("layer"));
  const oci::Layer layer{diff_id, {"", Digest::of("blob"), 0, {}, {}}};
  for (const char* text : {"first", "second"}) {
    const WorkDirectory work = store->make_work_directory();
    work.root().make_directory("upper", 0755);
    write_file(work.root().open_directory("upper").fd(), "file", text, Durability::none);
    store->layers().adopt_unpacked(diff_id, work.host_path() + "/upper");
  }
  CHECK(read_in(store->layers().unpacked_path(layer), "file") == "first");
}

TEST_CASE("many who want one layer unpack it once") {
  TemporaryStore store;
  const oci::Layer layer = put_layer(store.store, sample_base());
  std::vector<std::thread> threads;
  std::vector<std::string> paths(6);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    threads.emplace_back([&, i] { paths[i] = store.open_again()->layers().unpacked_path(layer); });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(std::count(paths.begin(), paths.end(), paths[0]) == 6);
  CHECK(store->root().list("tmp").empty());
}

TEST_CASE("a hostile layer stays inside its directory") {
  const Contents link_to_host{{entry_of(EntryType::symlink, "etc", "/etc"), ""},
                              {file_entry("etc/strata-escaped", "x"), "x"}};
  const Contents link_up{{entry_of(EntryType::symlink, "up", "../../../.."), ""},
                         {file_entry("up/strata-escaped", "x"), "x"}};
  const Contents file_as_parent{{file_entry("a", "x"), "x"}, {file_entry("a/b", "y"), "y"}};
  const Contents link_to_nothing{{entry_of(EntryType::hard_link, "shadow", "etc/shadow"), ""}};
  const Contents root_is_link{{entry_of(EntryType::symlink, "", "/"), ""}};
  for (const Contents& contents :
       {link_to_host, link_up, file_as_parent, link_to_nothing, root_is_link}) {
    TemporaryStore store;
    CHECK_THROWS_AS(store->layers().unpacked_path(foreign_layer(store.store, contents)), Error);
    CHECK(store->root().list("unpacked").empty());
    CHECK(store->root().list("tmp").empty());
  }
  CHECK_FALSE(Root::open("/").find_stat("etc/strata-escaped"));
}

TEST_CASE("entries stand in any order and as deep as they like") {
  TemporaryStore store;
  std::string deep = "0";
  for (int i = 1; i < 100; ++i) deep += "/" + std::to_string(i);
  const std::string middle = deep.substr(0, deep.find("/50") + 3);
  Contents contents;
  for (const std::string& path :
       {deep + "/a", std::string("b"), deep + "/c", middle + "/d", deep + "/e", "00/f" + deep}) {
    contents.emplace_back(file_entry(path, path), path);
  }
  contents.emplace_back(directory_entry(middle, 0711), "");
  const std::string root = store->layers().unpacked_path(foreign_layer(store.store, contents));
  for (const auto& [entry, text] : contents) {
    if (entry.is_file()) CHECK(read_in(root, entry.path) == text);
  }
  CHECK((stat_in(root, middle).st_mode & 07777) == 0711);
  CHECK(stat_in(root, middle).st_mtime == 2000);
}

TEST_CASE("no layer may steer overlayfs by its attributes") {
  TemporaryStore store;
  Entry directory = directory_entry("d");
  directory.rare.edit().xattrs = {{"trusted.overlay.opaque", "y"},
                                  {"trusted.overlay.redirect", "/etc"},
                                  {"user.overlay.opaque", "y"}};
  const std::string path =
      store->layers().unpacked_path(foreign_layer(store.store, {{directory, ""}}));
  CHECK(xattr_in(path, "d", "trusted.overlay.opaque").empty());
  CHECK(xattr_in(path, "d", "trusted.overlay.redirect").empty());
  CHECK(xattr_in(path, "d", "user.overlay.opaque").empty());
}

TEST_CASE("entries that come again replace what they find" * doctest::skip(!is_root())) {
  TemporaryStore store;
  const Contents contents{{file_entry("a", "file"), "file"},
                          {directory_entry("a"), ""},
                          {file_entry("a/x", "inner"), "inner"},
                          {directory_entry("d"), ""},
                          {file_entry("d", "now a file"), "now a file"},
                          {entry_of(EntryType::whiteout, "w"), ""},
                          {directory_entry("w"), ""},
                          {entry_of(EntryType::whiteout, "v"), ""},
                          {file_entry("v/below", "v"), "v"},
                          {directory_entry("z"), ""},
                          {entry_of(EntryType::whiteout, "z"), ""},
                          {directory_entry("e"), ""},
                          {entry_of(EntryType::hard_link, "e", "a/x"), ""},
                          {entry_of(EntryType::symlink, "s", "/etc/passwd"), ""},
                          {file_entry("s", "no link"), "no link"}};
  const std::string path = store->layers().unpacked_path(foreign_layer(store.store, contents));
  CHECK(read_in(path, "a/x") == "inner");
  CHECK(read_in(path, "d") == "now a file");
  CHECK(xattr_in(path, "w", "trusted.overlay.opaque") == "y");
  CHECK(xattr_in(path, "v", "trusted.overlay.opaque") == "y");
  CHECK(xattr_in(path, "z", "trusted.overlay.opaque") == "y");
  CHECK(read_in(path, "s") == "no link");
  CHECK(read_in(path, "e") == "inner");
}
