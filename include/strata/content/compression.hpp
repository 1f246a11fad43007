#pragma once
/// How the bytes of a blob are packed. Layers of ours are gzip in chunks: the tar is cut in pieces
/// of at most 1 MiB, each is an independent run of deflate blocks ended by a full flush, and all
/// runs stand in one ordinary gzip member that any gunzip reads. So chunks are made and read on all
/// cores, the bytes do not depend on the number of threads, and the chunk table lets one file be
/// read alone. The gzip header has no name and no time (RFC 1952: MTIME 0, OS 255).

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "strata/base/io.hpp"
#include "strata/base/span_log.hpp"
#include "strata/base/worker_pool.hpp"
#include "strata/content/digest.hpp"

namespace strata {

class OrderedHasher;

enum class Codec { none, gzip, zstd };

/// "none", "gzip", "zstd".
std::string to_string(Codec codec);

/// Codec and level. gzip 1 and 2 are ISA-L's (3 gives different bytes on different CPUs and is not
/// used), 4 to 9 zlib's; zstd 1 to 19. Checked by `make_compression`.
struct Compression {
  Codec codec = Codec::gzip;
  int level = 1;
  friend bool operator==(const Compression&, const Compression&) = default;
};
/// Throws Error usage naming the levels that exist. Level 0 means the codec's default.
Compression make_compression(Codec codec, int level);

/// Proves one chunk alone: hashing the blob from the last block that begins before the chunk to the
/// chunk's end gives this digest. It costs nothing when the blob is written and hashed anyway.
struct ChunkSeal {
  HashState before;         ///< of the blob, in blocks that lie before the chunk
  Digest after;             ///< of the blob up to the chunk's end
  std::uint32_t crc32 = 0;  ///< of the chunk uncompressed
  /// Of the uncompressed bytes, likewise: whoever has the same chunks up to here goes on from it.
  HashState plain_before = {};

  friend bool operator==(const ChunkSeal&, const ChunkSeal&) = default;
};

/// Where each chunk begins; it ends where the next one does. A blob without chunks has an empty
/// table.
struct ChunkTable {
  /// The most that a chunk holds, uncompressed.
  static constexpr std::uint64_t chunk_size_max = 1u << 20;

  struct Start {
    std::uint64_t plain;    ///< offset in the uncompressed bytes
    std::uint64_t encoded;  ///< offset in the blob
    friend bool operator==(const Start&, const Start&) = default;
  };
  std::vector<Start> starts;     ///< both ascending
  std::vector<ChunkSeal> seals;  ///< one for each chunk, or none
  std::uint64_t uncompressed_size = 0;

  bool empty() const { return starts.empty(); }
  /// The chunk that holds an uncompressed byte; the number of chunks if none does.
  std::size_t find(std::uint64_t plain_offset) const;
};

/// Makes the bytes of a chunk in the room given. If it has put their compressed form, just what
/// compressing them would give, into `encoded` too, it returns the CRC-32 of the bytes which that
/// was made from: with any other the chunk is compressed all the same.
using ChunkMaker =
    std::function<std::optional<std::uint32_t>(std::span<char> plain, std::vector<char>& encoded)>;

/// How the bytes of a stream of chunks are hashed, on both sides.
struct ChunkHashing {
  OrderedHasher* plain = nullptr;   ///< is given the uncompressed bytes, on the pool
  const Hasher* encoded = nullptr;  ///< hashes what is written; then the chunks are sealed
};

/// Compresses what is written to it into `out`, on `pool`'s threads, at most a few chunks per
/// thread in flight. `out` is written by the calling thread. Destruction waits for the threads.
class CompressingSink : public Sink {
 public:
  /// Borrows all it is given, but for `begun`: the chunks that `out` has been given already, and
  /// the hashes know of. Each chunk's "compress" is noted in `spans`.
  CompressingSink(Sink& out, const Compression& compression, WorkerPool& pool,
                  const SpanScope& spans = {}, const ChunkHashing& hashing = {},
                  ChunkTable begun = {}, std::uint64_t begun_size = 0);
  ~CompressingSink() override;
  /// A chunk ends when it is full.
  void write(std::string_view bytes) override;
  /// Ends the chunk that is being written, if any: what is written next begins another.
  void end_chunk();
  /// A chunk by itself of `size` bytes, at most chunk_size_max, that a thread of the pool or this
  /// one makes. What `make` throws is thrown by a later call.
  void add_chunk(std::size_t size, ChunkMaker make);
  /// Writes what is left. The table is empty for Codec::none.
  ChunkTable finish();
  /// How many bytes of `out` needed no compressing: begun with, or put by a maker.
  std::uint64_t reused_size() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Which codec a blob's first bytes announce. Needs at least 4 bytes; less is Codec::none.
Codec detect_codec(std::string_view first_bytes);

/// The uncompressed bytes of `in`, front to back. Malformed input is Error corrupt. gzip files of
/// several members and zstd files of several frames are one stream.
std::unique_ptr<Source> make_decompressor(Source& in, Codec codec);

/// The same of a blob that `table`, which is not empty, was made with; its chunks are decoded on
/// `pool`'s threads, at most a few at a time. `in` is read by the calling thread alone, and not
/// behind the last chunk.
std::unique_ptr<Source> make_chunk_decompressor(Source& in, const ChunkTable& table, Codec codec,
                                                WorkerPool& pool);

/// The uncompressed bytes of a blob file in any order. The chunks used last are kept decoded, so
/// that files lying side by side cost one decoding. With a chunk table only the chunks touched are
/// read; without one the blob is decoded front to back, and again from the front for what lies
/// further back than the chunks kept. Copies share their chunks; safe to use from several threads.
class BlobReader {
 public:
  /// How many chunks are kept; a blob without chunk table that has no more is decoded once at most.
  static constexpr std::size_t kept_chunks = 16;

  /// `blob_fd` is read by pread alone and borrowed for the life of the reader, its copies and
  /// sources.
  BlobReader(int blob_fd, ChunkTable table, Codec codec);

  /// `size` bytes from `offset` on. Bytes that do not exist are Error corrupt once they are read.
  std::unique_ptr<Source> open(std::uint64_t offset, std::uint64_t size) const;

 private:
  class Chunks;
  class RangeSource;
  std::shared_ptr<Chunks> chunks_;
};

/// One range of a blob, as BlobReader::open.
std::unique_ptr<Source> open_range(int blob_fd, const ChunkTable& table, Codec codec,
                                   std::uint64_t offset, std::uint64_t size);

}  // namespace strata
