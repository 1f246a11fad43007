#pragma once
/// A store of its own for each test, and small images to put into it.

#include <stdlib.h>
#include <sys/stat.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "strata/base/error.hpp"
#include "strata/base/root.hpp"
#include "strata/oci/media_type.hpp"
#include "strata/store/store.hpp"

namespace strata::store {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    if (!::mkdtemp(path_.data())) fail_errno("mkdtemp");
  }
  ~TemporaryDirectory() {
    const std::string name = path_.substr(5);
    remove_tree(Root::open("/tmp").fd(), name);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_ = "/tmp/strata-test-XXXXXX";
};

struct TemporaryStore {
  TemporaryDirectory directory;
  Store store{directory.path()};

  Store* operator->() { return &store; }
  /// The same store as another process sees it later: with a lease of its own.
  std::unique_ptr<Store> open_again() const {
    store.blobs().flush();
    return std::make_unique<Store>(directory.path());
  }
};

inline Entry file_entry(const std::string& path, std::string_view bytes,
                        std::uint32_t mode = 0644) {
  Entry entry;
  entry.path = path;
  entry.mode = mode;
  entry.size = bytes.size();
  entry.mtime = 1000;
  return entry;
}

inline Entry directory_entry(const std::string& path, std::uint32_t mode = 0755) {
  Entry entry;
  entry.path = path;
  entry.type = EntryType::directory;
  entry.mode = mode;
  entry.mtime = 2000;
  return entry;
}

inline Entry entry_of(EntryType type, const std::string& path, const std::string& link = "") {
  Entry entry;
  entry.path = path;
  entry.type = type;
  entry.rare.edit().link = link;
  if (type == EntryType::symlink) entry.mode = 0777;
  return entry;
}

/// What a layer is made of: entries, and the bytes of the regular files among them.
using Contents = std::vector<std::pair<Entry, std::string>>;

/// Writes a layer into the store as a build does.
inline oci::Layer put_layer(Store& store, const Contents& contents,
                            const Compression& compression = {}) {
  std::vector<Entry> entries;
  std::map<std::string, std::string> bytes;
  for (const auto& [entry, text] : contents) {
    entries.push_back(entry);
    if (entry.is_file()) bytes[entry.path] = text;
  }
  WorkerPool pool(1);
  NewBlob blob = store.blobs().create();
  WrittenLayer written = write_layer(
      Tree(std::move(entries)),
      [&](const Entry& entry) { return std::make_unique<StringSource>(bytes.at(entry.path)); },
      blob, compression, pool);
  blob.commit();
  store.layers().put_tree(written.diff_id, std::move(written.layer));
  return {written.diff_id,
          {std::string(oci::media_type::layer_type(compression.codec)),
           written.digest,
           written.blob_size,
           {},
           {}}};
}

/// An image without a tree: for tests that do not look into layers. Its one layer is `seed`.
inline oci::Image bare_image(Store& store, const std::string& seed) {
  const Digest digest = store.blobs().put(seed);
  oci::ImageConfig config;
  config.platform = oci::host_platform();
  config.author = seed;
  return oci::make_image(
      config,
      {{DiffId(digest), {std::string(oci::media_type::layer), digest, seed.size(), {}, {}}}});
}

inline oci::Image layered_image(const std::vector<oci::Layer>& layers) {
  oci::ImageConfig config;
  config.platform = oci::host_platform();
  return oci::make_image(config, layers);
}

}  // namespace strata::store
