#include "strata/store/layers.hpp"

#include <algorithm>
#include <mutex>
#include <unordered_map>

#include "store/names.hpp"
#include "store/open_blobs.hpp"
#include "store/promises.hpp"
#include "store/unpack_tree.hpp"
#include "store/unpacked.hpp"
#include "strata/base/error.hpp"
#include "strata/base/io.hpp"
#include "strata/oci/media_type.hpp"
#include "strata/store/records.hpp"
#include "strata/store/unpacker.hpp"
#include "strata/store/work_directory.hpp"

namespace strata::store {

namespace {

void check_diff_id(const DiffId& found, const DiffId& expected, const Digest& blob) {
  if (found == expected) return;
  fail(ErrorKind::corrupt, "layer ", to_string(blob), " unpacks to ", to_string(found),
       ", but the image says ", to_string(expected));
}

oci::Descriptor describe_blob(int fd, const Digest& digest) {
  return {std::string(oci::media_type::layer_type(codec_of(fd))),
          digest,
          static_cast<std::uint64_t>(stat_of(fd).st_size),
          {},
          {}};
}

/// What another version of Strata has kept may not be understood; it can be made again.
std::optional<LayerTree> decode_kept(std::string_view bytes) {
  try {
    return decode_layer_tree(bytes);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::corrupt) throw;
    return std::nullopt;
  }
}

std::shared_ptr<const Tree> files_of(const std::shared_ptr<const LayerTree>& layer) {
  return {layer, &layer->tree};
}

}  // namespace

struct Layers::State {
  explicit State(const Root& store) : tree_files(store, folder::trees), unpacked(store) {}

  Records tree_files;
  Unpacked unpacked;
  OpenBlobs open_blobs;
  Promises promises;
  std::mutex mutex;
  std::unordered_map<Digest, std::shared_ptr<const LayerTree>> trees;
};

Layers::Layers(const Root& store, const Blobs& blobs, Lease& lease)
    : store_(store), blobs_(blobs), lease_(lease), state_(std::make_unique<State>(store)) {}

Layers::~Layers() = default;

std::shared_ptr<const LayerTree> Layers::find_tree(const DiffId& diff_id) const {
  {
    const std::lock_guard guard(state_->mutex);
    const auto found = state_->trees.find(diff_id.digest());
    if (found != state_->trees.end()) return found->second;
  }
  const auto bytes = state_->tree_files.find(diff_id.digest());
  auto layer = bytes ? decode_kept(*bytes) : std::nullopt;
  return layer ? remember(diff_id, std::move(*layer)) : nullptr;
}

std::shared_ptr<const LayerTree> Layers::remember(const DiffId& diff_id, LayerTree layer) const {
  auto shared = std::make_shared<const LayerTree>(std::move(layer));
  const std::lock_guard guard(state_->mutex);
  return state_->trees.insert_or_assign(diff_id.digest(), std::move(shared)).first->second;
}

std::shared_ptr<const LayerTree> Layers::tree(const oci::Layer& layer) const {
  if (auto known = find_tree(layer.diff_id)) return known;
  if (is_promised(layer.blob.digest)) {
    if (auto said = state_->promises.find(layer.blob.digest)->promise.tree) return said;
    bring(layer.blob.digest);
    return tree(layer);
  }
  lease_.hold(layer.blob.digest);
  const Fd blob = blobs_.open(layer.blob.digest);
  return read_tree(blob.get(), layer.blob.digest, layer.diff_id, nullptr).second;
}

std::pair<DiffId, std::shared_ptr<const LayerTree>> Layers::read_tree(
    int blob_fd, const Digest& digest, const std::optional<DiffId>& expected,
    const EntryVisitor& visit) const {
  PreadSource bytes(blob_fd);
  return read_tree(bytes, codec_of(blob_fd), digest, BlobDigest::checked, expected, visit);
}

std::pair<DiffId, std::shared_ptr<const LayerTree>> Layers::read_tree(
    Source& blob, Codec codec, const Digest& digest, BlobDigest check,
    const std::optional<DiffId>& expected, const EntryVisitor& visit) const {
  ReadLayer read = read_layer(blob, digest, codec, visit, check);
  if (expected) check_diff_id(read.diff_id, *expected, digest);
  lease_.hold(read.diff_id.digest());
  if (auto known = find_tree(read.diff_id)) return {read.diff_id, known};
  put_tree(read.diff_id, std::move(read.layer));
  return {read.diff_id, find_tree(read.diff_id)};
}

void Layers::visit(const oci::Layer& layer, int blob_fd, const EntryVisitor& visit,
                   WorkerPool* pool) const {
  const Digest& digest = layer.blob.digest;
  const auto known = find_tree(layer.diff_id);
  if (!known) {
    read_tree(blob_fd, digest, layer.diff_id, visit);
    return;
  }
  PreadSource bytes(blob_fd);
  const bool has_chunks = pool && known->blob == digest;
  const DiffId found = has_chunks ? visit_layer(bytes, *known, visit, *pool)
                                  : visit_layer(bytes, digest, codec_of(blob_fd), visit);
  check_diff_id(found, layer.diff_id, digest);
}

void Layers::put_tree(const DiffId& diff_id, LayerTree layer) const {
  lease_.hold(diff_id.digest());
  state_->tree_files.put(diff_id.digest(), encode_layer_tree(layer));
  remember(diff_id, std::move(layer));
}

std::optional<EarlierLayer> Layers::find_earlier(const DiffId& diff_id) const {
  auto layer = find_tree(diff_id);
  if (!layer) return std::nullopt;
  lease_.hold(layer->blob);
  if (!blobs_.has(layer->blob)) return std::nullopt;
  return EarlierLayer{layer, blobs_.open(layer->blob)};
}

void Layers::promise(Promise promise) const {
  lease_.hold(promise.layer.blob.digest);
  if (!blobs_.has(promise.layer.blob.digest)) state_->promises.add(std::move(promise));
}

bool Layers::is_promised(const Digest& blob) const {
  return state_->promises.find(blob) && !blobs_.has(blob);
}

std::optional<oci::Reference> Layers::promised_place(const Digest& blob) const {
  const auto kept = state_->promises.find(blob);
  return kept ? kept->promise.place : std::nullopt;
}

void Layers::bring(const Digest& blob) const {
  const auto kept = state_->promises.find(blob);
  if (!kept) return;
  const std::lock_guard turn(kept->turn);
  if (blobs_.has(blob)) return;
  try {
    kept->promise.bring();
    check_kept(kept->promise);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
    throw PromiseBroken(error);
  }
}

void Layers::forget_promises() const { state_->promises.clear(); }

void Layers::check_kept(const Promise& promise) const {
  const oci::Layer& layer = promise.layer;
  if (!blobs_.has(layer.blob.digest))
    fail(ErrorKind::not_found, "layer ", layer.blob.digest, " was promised, but has not come");
  if (!promise.tree) return;
  if (tree_digest(tree(layer)->tree, CompareTimes::yes) !=
      tree_digest(promise.tree->tree, CompareTimes::yes)) {
    fail(ErrorKind::corrupt, "layer ", layer.blob.digest,
         " does not hold the files that were said to be in it");
  }
}

LazyTree Layers::lazy_tree(const oci::Layer& layer) const {
  return LazyTree([this, layer] { return files_of(tree(layer)); });
}

RootfsView Layers::view(const std::vector<oci::Layer>& layers) const {
  RootfsView::Trees trees;
  for (const oci::Layer& layer : layers) trees.emplace_back(files_of(tree(layer)));
  return RootfsView(std::move(trees));
}

oci::Layer Layers::import_blob(Source& bytes, const std::optional<Digest>& expected,
                               const std::optional<DiffId>& expected_diff_id) const {
  NewBlob blob = blobs_.create();
  copy_all(bytes, blob);
  const Digest digest = blob.seal();
  if (expected && digest != *expected) {
    fail(ErrorKind::corrupt, "layer blob ", to_string(*expected), " has the bytes of ",
         to_string(digest));
  }
  PreadSource stored(blob.fd());
  const DiffId diff_id =
      read_tree(stored, codec_of(blob.fd()), digest, BlobDigest::known, expected_diff_id, nullptr)
          .first;
  const oci::Layer layer{diff_id, describe_blob(blob.fd(), digest)};
  blob.commit();
  return layer;
}

std::unique_ptr<ArrivingLayer> Layers::receive(const Digest& blob, const DiffId& diff_id) const {
  const auto read = [this, blob, diff_id](Source& bytes, int blob_fd) {
    read_tree(bytes, codec_of(blob_fd), blob, BlobDigest::known, diff_id, nullptr);
    return oci::Layer{diff_id, describe_blob(blob_fd, blob)};
  };
  return std::make_unique<ArrivingLayer>(blobs_.create(), blob, read);
}

oci::Layer Layers::import_stored(const Digest& blob,
                                 const std::optional<DiffId>& expected_diff_id) const {
  lease_.hold(blob);
  const Fd file = blobs_.open(blob);
  const auto known = expected_diff_id ? find_tree(*expected_diff_id) : nullptr;
  const bool is_known = known && known->blob == blob;
  const DiffId diff_id =
      is_known ? *expected_diff_id : read_tree(file.get(), blob, expected_diff_id, nullptr).first;
  return {diff_id, describe_blob(file.get(), blob)};
}

std::string Layers::unpacked_path(const oci::Layer& layer, WorkerPool* pool) const {
  lease_.hold(layer.diff_id.digest());
  if (auto path = state_->unpacked.find(layer.diff_id)) return *path;
  bring(layer.blob.digest);
  const FileLock alone =
      FileLock::wait(store_.fd(), lock_file::unpack(layer.diff_id), LockMode::exclusive);
  if (auto path = state_->unpacked.find(layer.diff_id)) return *path;

  lease_.hold(layer.blob.digest);
  const WorkDirectory work(store_);
  const Fd blob = blobs_.open(layer.blob.digest);
  unpack(layer, blob.get(), work.root(), pool);
  return state_->unpacked.put(layer.diff_id, work.host_path());
}

void Layers::unpack(const oci::Layer& layer, int blob_fd, const Root& target,
                    WorkerPool* pool) const {
  const auto known = pool != nullptr ? find_tree(layer.diff_id) : nullptr;
  if (known && known->blob == layer.blob.digest && can_unpack_side_by_side(*known))
    return unpack_tree(*known, blob_fd, target, *pool);
  Unpacker unpacker(target);
  const auto apply = [&](const Entry& entry, Source* data) { unpacker.apply(entry, data); };
  visit(layer, blob_fd, apply, pool);
  unpacker.finish();
}

void Layers::adopt_unpacked(const DiffId& diff_id, const std::string& host_path) const {
  lease_.hold(diff_id.digest());
  const FileLock alone =
      FileLock::wait(store_.fd(), lock_file::unpack(diff_id), LockMode::exclusive);
  if (!state_->unpacked.find(diff_id)) state_->unpacked.put(diff_id, host_path);
}

std::unique_ptr<Source> Layers::open_file(const oci::Layer& layer, const Entry& entry) const {
  bring(layer.blob.digest);
  const auto known = tree(layer);
  // The tree may speak of another blob of the same layer; either will do if it is here.
  if (known->blob != layer.blob.digest) lease_.hold(known->blob);
  if (can_read_single_files(*known) && blobs_.has(known->blob)) {
    return state_->open_blobs.open_file(known, entry, [&] { return blobs_.open(known->blob); });
  }
  return verified(open_in_directory(Root::open(unpacked_path(layer)), entry), entry);
}

}  // namespace strata::store
