// A directory that is an OCI layout as a depot: index.json names the manifests. It is read when
// first asked, and written once, at the end, under a lock and together with what others have
// written meanwhile.

#include <fcntl.h>

#include <algorithm>
#include <map>

#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/host_path.hpp"
#include "strata/base/lock.hpp"
#include "strata/base/root.hpp"
#include "strata/oci/media_type.hpp"
#include "strata/remotecache/depot.hpp"

namespace strata::remotecache {

namespace {

constexpr const char* index_file = "index.json";
constexpr const char* layout_file = "oci-layout";
constexpr const char* lock_file = "index.lock";
constexpr const char* layout_document = R"({"imageLayoutVersion":"1.0.0"})";
/// Above that the oldest go, so that index.json stays a document that every tool reads.
constexpr std::size_t entries_max = 8'000;

std::string blob_path(const Digest& digest) { return cat("blobs/sha256/", digest.hex()); }

std::string tag_of(const oci::Descriptor& entry) {
  const auto found = entry.annotations.find(oci::annotation::ref_name);
  return found == entry.annotations.end() ? "" : found->second;
}

class LayoutDepot : public Depot {
 public:
  explicit LayoutDepot(const std::string& host_path) : host_path_(host_path) {}

  std::string text() const override { return host_path_; }

  std::string fetch(const oci::Descriptor& blob, std::size_t size_max,
                    const std::stop_token&) override {
    auto bytes = find_blob(blob.digest, size_max);
    if (!bytes) fail(ErrorKind::not_found, host_path_, " lacks the blob ", blob.digest);
    return std::move(*bytes);
  }

  void fetch_layer(store::Store& store, const oci::Layer& layer, const std::stop_token&) override {
    FdSource bytes(root().open_file(blob_path(layer.blob.digest), O_RDONLY, Links::keep));
    store.layers().import_blob(bytes, layer.blob.digest, layer.diff_id);
  }

  void put(const Digest& digest, std::string_view bytes, const std::stop_token&) override {
    if (!has_blob(digest)) write_file(blobs().fd(), digest.hex(), bytes, Durability::none, 0444);
  }

  registry::Arrival put_blob(store::Store& store, const oci::Descriptor& blob,
                             const std::stop_token&) override {
    if (has_blob(blob.digest)) return registry::Arrival::was_there;
    store.layers().bring(blob.digest);
    const Root directory = blobs();
    NewFile file(directory.fd());
    FdSink sink(file.fd());
    copy_all(*store::open_verified(store.blobs(), blob.digest), sink);
    file.commit_once(blob.digest.hex(), Durability::none);
    return registry::Arrival::sent;
  }

  void finish() override {
    const std::lock_guard lock(mutex_);
    if (added_.empty()) return;
    const Root directory = make_root();
    const FileLock alone = FileLock::wait(directory.fd(), lock_file, LockMode::exclusive);
    oci::Index index = read_index(directory);
    std::erase_if(index.manifests,
                  [&](const oci::Descriptor& entry) { return added_.contains(tag_of(entry)); });
    for (const auto& [tag, entry] : added_) index.manifests.push_back(entry);
    if (index.manifests.size() > entries_max)
      index.manifests.erase(index.manifests.begin(), index.manifests.end() - entries_max);
    write_file(directory.fd(), layout_file, layout_document, Durability::none);
    write_file(directory.fd(), index_file, oci::to_json(index), Durability::none);
    added_.clear();
  }

 private:
  std::optional<registry::Document> look(const std::string& tag, const std::stop_token&) override {
    const std::lock_guard lock(mutex_);
    const auto found = entries().find(tag);
    if (found == entries().end()) return std::nullopt;
    const oci::Descriptor& entry = found->second;
    auto bytes = find_blob(entry.digest, oci::document_size_max);
    if (!bytes) return std::nullopt;
    return registry::Document{entry.media_type, entry.digest, std::move(*bytes)};
  }

  bool asks(const std::string& tag, const std::stop_token&) override {
    const std::lock_guard lock(mutex_);
    const auto found = entries().find(tag);
    return found != entries().end() && has_blob(found->second.digest);
  }

  void write(const std::string& tag, const registry::Document& document,
             const std::stop_token& stop) override {
    put(document.digest, document.bytes, stop);
    oci::Descriptor entry{document.media_type, document.digest, document.bytes.size(), {}, {}};
    entry.annotations[oci::annotation::ref_name] = tag;
    const std::lock_guard lock(mutex_);
    added_.insert_or_assign(tag, std::move(entry));
  }

  Root root() const { return Root::open(host_path_); }

  Root make_root() const {
    Root directory = make_host_directory(host_path_);
    directory.make_directories("blobs/sha256");
    return directory;
  }

  Root blobs() const { return make_root().open_directory("blobs/sha256"); }

  std::optional<std::string> find_blob(const Digest& digest, std::size_t size_max) const {
    const Root directory = root().open_directory("blobs/sha256");
    auto bytes = find_small_file(directory.fd(), digest.hex(), size_max);
    if (bytes && Digest::of(*bytes) != digest) {
      fail(ErrorKind::corrupt, host_path_, '/', blob_path(digest),
           " does not have the bytes its name says");
    }
    return bytes;
  }

  bool has_blob(const Digest& digest) const {
    try {
      return root().find_stat(blob_path(digest)).has_value();
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::not_found) return false;
      throw;
    }
  }

  oci::Index read_index(const Root& directory) const {
    const auto text = find_small_file(directory.fd(), index_file, oci::document_size_max);
    if (!text) return {};
    return oci::parse_index(*text, oci::media_type::index, cat(host_path_, "/", index_file));
  }

  /// With the lock held. A directory that is not there has none.
  const std::map<std::string, oci::Descriptor>& entries() {
    if (entries_) return *entries_;
    entries_.emplace();
    try {
      for (const oci::Descriptor& entry : read_index(root()).manifests)
        entries_->insert_or_assign(tag_of(entry), entry);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::not_found) throw;
    }
    return *entries_;
  }

  const std::string host_path_;
  std::mutex mutex_;  ///< guards what follows
  std::optional<std::map<std::string, oci::Descriptor>> entries_;
  std::map<std::string, oci::Descriptor> added_;
};

}  // namespace

std::unique_ptr<Depot> open_layout(const std::string& host_path) {
  return std::make_unique<LayoutDepot>(host_path);
}

}  // namespace strata::remotecache
