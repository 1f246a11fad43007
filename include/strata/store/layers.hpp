#pragma once
/// The derived forms of layers: trees (trees/<diffid>) and unpacked directories
/// (unpacked/<diffid>). Both can be deleted at any time and are made again from the blob when
/// wanted.
///
/// An unpacked layer is an overlayfs lower directory: whiteouts are 0/0 character devices, opaque
/// directories carry trusted.overlay.opaque. It is believed only in the boot in which it was made,
/// since it is written without syncing.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "strata/base/root.hpp"
#include "strata/content/layer_blob.hpp"
#include "strata/content/rootfs_view.hpp"
#include "strata/oci/image.hpp"
#include "strata/store/arriving_layer.hpp"
#include "strata/store/blobs.hpp"
#include "strata/store/promise.hpp"

namespace strata::store {

/// Thread-safe; trees are kept in memory once read.
class Layers {
 public:
  Layers(const Root& store, const Blobs& blobs, Lease& lease);
  ~Layers();

  /// The tree of a layer; read back from its blob, which is then verified, if there is no file. Of
  /// a promised layer, what was said of it.
  std::shared_ptr<const LayerTree> tree(const oci::Layer& layer) const;
  /// The tree if it is at hand; never opens a blob.
  std::shared_ptr<const LayerTree> find_tree(const DiffId& diff_id) const;
  void put_tree(const DiffId& diff_id, LayerTree layer) const;
  /// The layer for whoever writes one like it, if its tree and the blob that speaks of are here.
  std::optional<EarlierLayer> find_earlier(const DiffId& diff_id) const;

  /// Takes a layer for one that can be had: `tree`, and all that needs its bytes, bring it when
  /// asked. Nothing happens if its blob is here.
  void promise(Promise promise) const;
  /// Whether a blob is not here, but promised.
  bool is_promised(const Digest& blob) const;
  /// The repository that has a promised blob, if that was said.
  std::optional<oci::Reference> promised_place(const Digest& blob) const;
  /// Has the bytes of a promised blob come; nothing happens if it is here or was not promised.
  /// Throws PromiseBroken.
  void bring(const Digest& blob) const;
  /// From now on, what has not come was not promised.
  void forget_promises() const;

  /// `tree` for when it is wanted. Borrows this object.
  LazyTree lazy_tree(const oci::Layer& layer) const;
  RootfsView view(const std::vector<oci::Layer>& layers) const;

  /// Stores a blob made by somebody else: checks the digest, finds the DiffId, keeps the tree.
  /// `expected` may be absent where the archive does not say it (docker archives). Error corrupt if
  /// the bytes have another DiffId than `expected_diff_id`.
  oci::Layer import_blob(Source& bytes, const std::optional<Digest>& expected,
                         const std::optional<DiffId>& expected_diff_id) const;

  /// A blob that comes in pieces, for a layer of which an image says both digests. Errors as
  /// import_blob, from the commit. Borrows this object.
  std::unique_ptr<ArrivingLayer> receive(const Digest& blob, const DiffId& diff_id) const;

  /// The layer that a blob in the store is. Reads it whole, checks that it has its digest, finds
  /// the DiffId and keeps the tree; a blob that the tree of `expected_diff_id` was made from is
  /// known already. Errors as import_blob.
  oci::Layer import_stored(const Digest& blob, const std::optional<DiffId>& expected_diff_id) const;

  /// The host path of the unpacked layer, made now if it is not there. When several processes want
  /// one layer, one unpacks and the others wait. `pool` may be null; what is in chunks is decoded
  /// on its threads.
  std::string unpacked_path(const oci::Layer& layer, WorkerPool* pool = nullptr) const;
  /// Makes a directory of the store's file system the unpacked form of a layer, by rename. Nothing
  /// happens if there is one already.
  void adopt_unpacked(const DiffId& diff_id, const std::string& host_path) const;

  /// The bytes of a regular file of the layer: out of the blob where that is fast (it has a chunk
  /// table, is plain, or is small), else from the unpacked form. Verified when it is read to its
  /// end. The source keeps alive what it reads from.
  std::unique_ptr<Source> open_file(const oci::Layer& layer, const Entry& entry) const;

 private:
  struct State;

  std::shared_ptr<const LayerTree> remember(const DiffId& diff_id, LayerTree layer) const;
  /// Throws Error corrupt if a layer that has come is not what was said of it.
  void check_kept(const Promise& promise) const;
  /// Reads a blob whole, checks it, and keeps its tree.
  std::pair<DiffId, std::shared_ptr<const LayerTree>> read_tree(
      int blob_fd, const Digest& digest, const std::optional<DiffId>& expected,
      const EntryVisitor& visit) const;
  std::pair<DiffId, std::shared_ptr<const LayerTree>> read_tree(
      Source& blob, Codec codec, const Digest& digest, BlobDigest check,
      const std::optional<DiffId>& expected, const EntryVisitor& visit) const;
  /// Unpacks a layer from its blob into an empty directory. Every byte is checked.
  void unpack(const oci::Layer& layer, int blob_fd, const Root& target, WorkerPool* pool) const;
  /// Reads a blob whole, checks it, and shows its entries; keeps its tree if there was none.
  void visit(const oci::Layer& layer, int blob_fd, const EntryVisitor& visit,
             WorkerPool* pool) const;

  const Root& store_;
  const Blobs& blobs_;
  Lease& lease_;
  std::unique_ptr<State> state_;
};

}  // namespace strata::store
