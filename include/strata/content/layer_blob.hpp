#pragma once
/// A layer in one pass: entries and their bytes become a tar, the tar's digest (DiffId), the
/// compressed blob, the blob's digest, and the tree; nothing is read or written twice. And back.

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "strata/base/io.hpp"
#include "strata/base/span_log.hpp"
#include "strata/base/worker_pool.hpp"
#include "strata/content/compression.hpp"
#include "strata/content/digest.hpp"
#include "strata/content/tree.hpp"

namespace strata {

/// What a layer is, whichever blob holds it: its tree, and how one blob of it is cut in chunks.
struct LayerTree {
  Tree tree;
  Digest blob;  ///< the blob that `chunks` speaks of
  Codec codec = Codec::gzip;
  ChunkTable chunks;  ///< empty for a blob that must be read front to back
  std::uint64_t tar_size = 0;
  int level = 0;  ///< of compression, where Strata has made the blob; else 0
};

/// The bytes of trees/<diffid>: tree and chunk table. See ARCHITECTURE for the format.
std::string encode_layer_tree(const LayerTree& layer);
LayerTree decode_layer_tree(std::string_view bytes);

/// Told how many bytes of content were taken up since it was last told. Called in the thread that
/// called write_layer; what it throws ends the writing.
using ContentProgress = std::function<void(std::uint64_t bytes)>;

struct WrittenLayer {
  DiffId diff_id;
  Digest digest;            ///< of the blob
  std::uint64_t blob_size;  ///< bytes
  LayerTree layer;
  std::uint64_t reused_size = 0;  ///< bytes of the blob that an earlier layer had
};

/// A regular file's bytes, opened.
struct OpenFile {
  template <std::derived_from<Source> Bytes>
  OpenFile(std::unique_ptr<Bytes> opened, bool verifies = false)
      : bytes(std::move(opened)), is_verified(verifies) {}

  std::unique_ptr<Source> bytes;
  /// Reading to the end fails unless the bytes have the content digest that the entry says: nobody
  /// need hash them again.
  bool is_verified;
};

/// Opens the bytes of a regular file's entry. Called from the threads of the pool and the calling
/// one, for several entries at a time and not in their order. The entry has the tree's path of a
/// file, or of a name of it.
using ContentOpener = std::function<OpenFile(const Entry&)>;

/// A layer written before. Where a new one has the same entries and contents its compressed chunks
/// serve again.
struct EarlierLayer {
  std::shared_ptr<const LayerTree> layer;
  Fd blob;  ///< that `layer` speaks of
};

/// What a writer of layers may be given beside.
struct LayerWriting {
  ContentProgress progress = {};
  SpanScope spans = {};
  const EarlierLayer* earlier = nullptr;  ///< borrowed; null: nothing is like it
};

/// Writes the entries of `tree` as a layer blob into `out`. Content digests are filled in (and if
/// one was known and differs from the bytes read, Error system: the file changed meanwhile). Names
/// of one file must all be in the tree (else Error corrupt); the first of them becomes the file and
/// the others its hard links, so that a target always stands before its links. The bytes depend on
/// the tree, the contents and the compression alone. Memory is bounded, whatever the sizes. A chunk
/// of an earlier layer is taken only if it proves to hold what the tree says, so files in it need
/// not be opened. Into `spans` go "store" and "hash" (of the blob) as sums of the calling thread,
/// and each chunk's "hash", "compress" and "reuse".
WrittenLayer write_layer(Tree tree, const ContentOpener& open, Sink& out,
                         const Compression& compression, WorkerPool& pool,
                         const LayerWriting& writing = {});

/// A layer read from a blob that somebody else may have made.
struct ReadLayer {
  DiffId diff_id;
  LayerTree layer;
};

/// Called for each entry with its bytes (null if it has none), in the blob's order. What it leaves
/// unread is read for it.
using EntryVisitor = std::function<void(const Entry&, Source* data)>;

/// Reads a blob whole: checks that it has the digest `expected`, computes the DiffId, the content
/// digests and the tree (chunk table empty). `visit` may be null. Nothing that `visit` has made may
/// be given a final name before this returns. Duplicate paths: the last one counts. A whiteout of a
/// name that the layer itself has is taken up in it: as an opaque mark if that is a directory, else
/// as nothing, because it hides what is below anyway.
enum class BlobDigest {
  checked,
  known,  ///< whoever gives the blob hashes it, and does not use what is found if it is another
};
ReadLayer read_layer(Source& blob, const Digest& expected, Codec codec, const EntryVisitor& visit,
                     BlobDigest digest = BlobDigest::checked);

/// As read_layer, for whoever knows the layer's tree already: the DiffId proves every byte, so no
/// file is hashed by itself and no tree is made. Checks that the blob has the digest `expected` and
/// returns the DiffId, which the caller must compare with that of the tree.
DiffId visit_layer(Source& blob, const Digest& expected, Codec codec, const EntryVisitor& visit);

/// The same of the blob that `layer` speaks of. If it has chunks, they are decoded on `pool`.
DiffId visit_layer(Source& blob, const LayerTree& layer, const EntryVisitor& visit,
                   WorkerPool& pool);

/// The files of a layer, read out of its blob. Copies are cheap; safe to use from several threads.
/// With a chunk table any order is fast; without one (a foreign blob) the blob's order is.
class LayerFiles {
 public:
  /// `blob_fd` is read by pread alone and borrowed for the life of the object and its sources.
  LayerFiles(int blob_fd, const LayerTree& layer) : blob_(blob_fd, layer.chunks, layer.codec) {}

  /// The bytes of a regular file's entry of the layer's tree, with its data_offset. Reading to the
  /// end is the verification: bytes that have not the entry's content digest are Error corrupt.
  std::unique_ptr<Source> open(const Entry& entry) const;

 private:
  BlobReader blob_;
};

/// `bytes`, with the same promise, if the entry's content digest is known.
std::unique_ptr<Source> verified(std::unique_ptr<Source> bytes, const Entry& entry);

/// The bytes of one regular file, as LayerFiles::open.
std::unique_ptr<Source> open_entry(int blob_fd, const LayerTree& layer, const Entry& entry);

}  // namespace strata
