#include "strata/store/verify.hpp"

#include <functional>
#include <set>

#include "store/image_index.hpp"
#include "store/open_blobs.hpp"
#include "store/unpacked.hpp"
#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/json.hpp"
#include "strata/oci/media_type.hpp"

namespace strata::store {

namespace {

class Verification {
 public:
  Verification(Store& store, Depth depth) : store_(store), depth_(depth) {}

  std::vector<std::string> run() {
    note("oci-layout", [&] { check_layout_file(); });
    note("index.json", [&] { check_images(); });
    if (depth_ == Depth::bytes) check_bytes();
    return std::move(faults_);
  }

 private:
  /// Runs a check; what it throws is a fault of `what`.
  void note(const std::string& what, const std::function<void()>& check) {
    try {
      check();
    } catch (const Error& error) {
      faults_.push_back(cat(what, ": ", error.message()));
    }
  }

  void check_layout_file() {
    const auto text = find_small_file(store_.root().fd(), "oci-layout", 4096);
    if (!text) fail(ErrorKind::corrupt, "the file is missing");
    const json::value value = parse_json(*text, "the file");
    const std::string version = JsonObject(value, "the file").string("imageLayoutVersion");
    if (version != "1.0.0") {
      fail(ErrorKind::corrupt, "imageLayoutVersion is ", quoted(version), ", not \"1.0.0\"");
    }
  }

  void check_images() {
    for (const oci::Descriptor& entry : read_image_index(store_.root()).manifests) {
      note("image " + to_string(entry.digest), [&] { check_image(entry); });
    }
  }

  void check_image(const oci::Descriptor& entry) {
    const Blobs& blobs = store_.blobs();
    const std::string text = blobs.read_document(entry.digest, oci::document_size_max);
    if (oci::media_type::is_index(entry.media_type)) {
      const std::string what = "index " + to_string(entry.digest);
      for (const oci::Descriptor& child :
           oci::parse_index(text, entry.media_type, what).manifests) {
        if (blobs.has(child.digest)) check_image(child);
      }
      return;
    }
    const oci::Manifest manifest = oci::parse_manifest(text, entry.media_type, "the manifest");
    if (manifest.config.media_type != oci::media_type::config &&
        manifest.config.media_type != oci::media_type::docker_config) {
      return;  // an artifact of another tool
    }
    const oci::Image image = oci::parse_image(
        entry, text, blobs.read_document(manifest.config.digest, oci::document_size_max));
    for (const oci::Layer& layer : image.layers()) {
      note("image " + to_string(entry.digest), [&] { check_layer(layer); });
    }
  }

  void check_layer(const oci::Layer& layer) {
    const auto size = store_.blobs().find_size(layer.blob.digest);
    if (!size) fail(ErrorKind::corrupt, "layer blob ", to_string(layer.blob.digest), " is missing");
    if (*size != layer.blob.size) {
      fail(ErrorKind::corrupt, "layer blob ", to_string(layer.blob.digest), " has ", *size,
           " bytes, not ", layer.blob.size);
    }
    if (depth_ == Depth::bytes && seen_.insert(layer.blob.digest).second) check_tree(layer);
  }

  /// Reads the layer anew and compares it with what its derived forms say.
  void check_tree(const oci::Layer& layer) {
    const Fd blob = store_.blobs().open(layer.blob.digest);
    FdSource bytes(blob.get());
    const ReadLayer read = read_layer(bytes, layer.blob.digest, codec_of(blob.get()), nullptr);
    if (read.diff_id != layer.diff_id) {
      fail(ErrorKind::corrupt, "layer blob ", to_string(layer.blob.digest), " unpacks to ",
           to_string(read.diff_id), ", not to ", to_string(layer.diff_id));
    }
    const Tree& truth = read.layer.tree;
    if (const auto known = store_.layers().find_tree(layer.diff_id);
        known &&
        tree_digest(known->tree, CompareTimes::yes) != tree_digest(truth, CompareTimes::yes)) {
      fail(ErrorKind::corrupt, "trees/", layer.diff_id.hex(), " is not the tree of its blob");
    }
    check_unpacked(layer.diff_id, truth);
  }

  void check_unpacked(const DiffId& diff_id, const Tree& truth) {
    const auto path = Unpacked(store_.root()).find(diff_id);
    if (!path) return;
    const Root unpacked = Root::open(*path);
    for (const Entry& entry : truth.entries()) {
      if (!entry.is_file()) continue;
      note(cat("unpacked/", diff_id.hex()), [&] { check_unpacked_file(unpacked, entry); });
    }
  }

  void check_unpacked_file(const Root& unpacked, const Entry& entry) {
    const auto file = unpacked.find_file(entry.path, O_RDONLY | O_NONBLOCK, Links::keep);
    if (!file) fail(ErrorKind::corrupt, quoted(entry.path), " is missing");
    FdSource bytes(file->get());
    if (ContentDigest(digest_of(bytes)) != entry.content) {
      fail(ErrorKind::corrupt, quoted(entry.path), " does not have the bytes of the layer");
    }
  }

  void check_bytes() {
    for (const Digest& digest : store_.blobs().list()) {
      if (seen_.contains(digest)) continue;
      note("blob " + to_string(digest), [&] {
        Hasher discard;
        copy_all(*open_verified(store_.blobs(), digest), discard);
      });
    }
  }

  Store& store_;
  Depth depth_;
  std::set<Digest> seen_;  ///< layer blobs whose bytes were read
  std::vector<std::string> faults_;
};

}  // namespace

std::vector<std::string> verify(Store& store, Depth depth) {
  return Verification(store, depth).run();
}

}  // namespace strata::store
