#pragma once
/// A store with an image of one program with many names, and containers of it.

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "strata/base/text.hpp"
#include "strata/container/container.hpp"
#include "strata/oci/media_type.hpp"
#include "unit/scratch_directory.hpp"

namespace strata::test {

namespace fs = std::filesystem;

/// The reason why containers cannot run here; empty if they can.
inline std::string reason_to_skip() {
  if (geteuid() != 0) return "not root";
  if (!fs::exists("/bin/busybox")) return "no /bin/busybox";
  return {};
}

/// Ends a test case that cannot run here, and says why.
#define STRATA_NEEDS_CONTAINERS()                                             \
  if (const std::string why = strata::test::reason_to_skip(); !why.empty()) { \
    MESSAGE("skipped: " << why);                                              \
    return;                                                                   \
  }

inline std::string read_text(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A layer's entries and the bytes of its files.
class LayerText {
 public:
  LayerText& directory(const std::string& path, std::uint32_t mode = 0755) {
    add(path, EntryType::directory, mode);
    return *this;
  }
  LayerText& file(const std::string& path, std::string text, std::uint32_t mode = 0644) {
    add(path, EntryType::file, mode).size = text.size();
    texts_[path] = std::move(text);
    return *this;
  }
  LayerText& symlink(const std::string& path, const std::string& target) {
    add(path, EntryType::symlink, 0777).rare.edit().link = target;
    return *this;
  }

  oci::Layer store_in(store::Store& store) const {
    WorkerPool pool(1);
    store::NewBlob blob = store.blobs().create();
    const auto open = [this](const Entry& entry) {
      return std::make_unique<ViewSource>(texts_.at(entry.path));
    };
    const WrittenLayer written = write_layer(Tree(entries_), open, blob, {}, pool);
    const Digest digest = blob.commit();
    store.layers().put_tree(written.diff_id, written.layer);
    const oci::Descriptor descriptor{std::string(oci::media_type::layer_type(written.layer.codec)),
                                     digest,
                                     written.blob_size,
                                     {},
                                     {}};
    return {written.diff_id, descriptor};
  }

 private:
  Entry& add(const std::string& path, EntryType type, std::uint32_t mode) {
    Entry entry;
    entry.path = path;
    entry.type = type;
    entry.mode = mode;
    entry.mtime = 1'000'000'000;
    return entries_.emplace_back(std::move(entry));
  }

  std::vector<Entry> entries_;
  std::map<std::string, std::string> texts_;
};

inline LayerText busybox_layer() {
  LayerText layer;
  for (const char* name : {"bin", "etc", "home", "data", "data/deep"}) layer.directory(name);
  layer.directory("root", 0700).directory("tmp", 01777);
  layer.file("bin/busybox", read_text("/bin/busybox"), 0755);
  for (const char* name : {"sh",   "cat",   "echo",  "env",   "id",   "ls",  "mkdir",    "pwd",
                           "rm",   "sleep", "test",  "touch", "stty", "tty", "hostname", "trap",
                           "kill", "head",  "chmod", "mv",    "dd",   "yes", "true"})
    layer.symlink(cat("bin/", name), "busybox");
  layer.file("etc/passwd", "root:x:0:0::/root:/bin/sh\nweb:x:1000:1000::/home/web:/bin/sh\n");
  layer.file("etc/group", "root:x:0:\nweb:x:1000:\nextra:x:2000:web\n");
  layer.file("data/one", "one\n").file("data/two", "two\n").file("data/deep/three", "three\n");
  return layer;
}

/// A store in a directory of its own with the image "box:latest".
class BusyboxStore {
 public:
  explicit BusyboxStore(oci::RunConfig run = {}, const LayerText& layer = busybox_layer())
      : store_(scratch_.path() + "/store") {
    const oci::Layer stored = layer.store_in(store_);
    oci::ImageConfig config;
    config.platform = oci::host_platform();
    config.run = std::move(run);
    config.diff_ids = {stored.diff_id};
    const oci::Reference name = oci::parse_reference("box");
    const oci::Image image = oci::make_image(config, {stored});
    store_.images().put(image, {name});
  }

  store::Store& store() { return store_; }
  const test::ScratchDirectory& scratch() const { return scratch_; }

  container::Container create(const container::Wishes& wishes) {
    return container::create(store_, store_.images().at("box"), "box", wishes);
  }

  container::Container shell(const std::string& script, container::Wishes wishes = {}) {
    wishes.command = {"sh", "-c", script};
    return create(wishes);
  }

  /// A directory below which scripts can leave what they saw, to be mounted as a volume.
  std::string make_out() {
    scratch_.root().make_directories("out");
    return scratch_.path() + "/out";
  }

 private:
  test::ScratchDirectory scratch_;
  store::Store store_;
};

}  // namespace strata::test
