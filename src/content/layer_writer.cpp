/// Writing a layer in one pass: entries, contents, tar, DiffId, chunks, blob, digest.

#include <algorithm>

#include "content/chunk_reuse.hpp"
#include "content/link_groups.hpp"
#include "content/ordered_hasher.hpp"
#include "content/tar_headers.hpp"
#include "content/tar_layout.hpp"
#include "strata/base/error.hpp"
#include "strata/content/hashing.hpp"
#include "strata/content/layer_blob.hpp"
#include "strata/content/tar.hpp"

namespace strata {

namespace {

/// Hashes what is read of a file, unless that is done already, and tells of it.
class ContentSource : public Source {
 public:
  ContentSource(OpenFile file, const Entry& entry, const ContentProgress& progress)
      : file_(std::move(file)), progress_(progress) {
    if (file_.is_verified) verified_ = entry.content;
  }

  std::size_t read(std::span<char> buffer) override {
    const std::size_t count = file_.bytes->read(buffer);
    if (!verified_) hasher_.write({buffer.data(), count});
    if (progress_) progress_(count);
    return count;
  }
  ContentDigest finish() { return verified_ ? *verified_ : ContentDigest(hasher_.finish()); }

 private:
  OpenFile file_;
  const ContentProgress& progress_;
  std::optional<ContentDigest> verified_;
  Hasher hasher_;
};

/// Passes on, and counts how long that takes.
class MeasuredSink : public Sink {
 public:
  MeasuredSink(Sink& out, SpanSum& time) : out_(out), time_(time) {}
  void write(std::string_view bytes) override {
    time_.time([&] { out_.write(bytes); });
  }

 private:
  Sink& out_;
  SpanSum& time_;
};

/// Room that is filled from its beginning.
class RoomSink : public Sink {
 public:
  explicit RoomSink(std::span<char> room) : rest_(room) {}

  void write(std::string_view bytes) override {
    std::ranges::copy(bytes, take(bytes.size()).begin());
  }
  /// The next so many bytes, for somebody else to fill.
  std::span<char> take(std::size_t size) {
    if (size > rest_.size())
      fail(ErrorKind::system, "a layer's tar is not laid out as it is written");
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }

 private:
  std::span<char> rest_;
};

[[noreturn]] void fail_changed(const Entry& entry) {
  fail(ErrorKind::system, quoted(entry.path),
       " changed while it was read; it was expected to have ", entry.size, " bytes");
}

/// Brings entries and their bytes into a tar, and learns digests on the way.
class LayerTarWriter {
 public:
  /// Borrows `open`, `writing` and `reuse`.
  LayerTarWriter(std::vector<Entry> entries, const ContentOpener& open, const LayerWriting& writing,
                 const ChunkReuse& reuse)
      : entries_(std::move(entries)),
        runs_(lay_out(entries_)),
        open_(open),
        writing_(writing),
        reuse_(reuse) {}

  /// What the earlier layer begins with too.
  Beginning find_beginning(WorkerPool& pool) const {
    return reuse_.find_beginning(entries_, runs_, pool);
  }

  /// All behind the beginning. Threads go on with it until `out` has finished.
  void write_to(CompressingSink& out, const Beginning& beginning) {
    for (const TarRun& run : std::span(runs_).first(beginning.runs)) tell_progress(run);
    for (const TarRun& run : std::span(runs_).subspan(beginning.runs)) {
      if (run.size > ChunkTable::chunk_size_max)
        write_large(entries_[run.first], out);
      else
        add_run(run, out);
    }
    out.write(tar_zeros);
  }

  /// With their digests, once `out` has finished.
  std::vector<Entry> take_entries() { return std::move(entries_); }

 private:
  void write_large(Entry& entry, CompressingSink& out) {
    TarWriter tar(out);
    if (entry.is_file()) {
      ContentSource bytes(open_(entry), entry, writing_.progress);
      tar.add(entry, &bytes);
      note_content(entry, bytes.finish());
    } else {
      tar.add(in_tar(entry), nullptr);
    }
    out.end_chunk();
  }

  void add_run(const TarRun& run, CompressingSink& out) {
    const auto entries = std::span(entries_).subspan(run.first, run.count);
    const auto same = reuse_.find(entries, run);
    out.add_chunk(run.size, [=, this](std::span<char> room, std::vector<char>& encoded) {
      if (same) return fill_alike(*same, entries, room, encoded);
      fill(entries, room);
      return std::optional<std::uint32_t>();
    });
    tell_progress(run);
  }

  void tell_progress(const TarRun& run) const {
    std::uint64_t bytes = 0;
    for (std::size_t i = run.first; i < run.first + run.count; ++i) bytes += entries_[i].size;
    if (writing_.progress && bytes > 0) writing_.progress(bytes);
  }

  std::optional<std::uint32_t> fill_alike(std::size_t chunk, std::span<Entry> entries,
                                          std::span<char> room, std::vector<char>& encoded) {
    const SpanTimer timer(writing_.spans, "reuse");
    const auto crc32 = reuse_.read(chunk, encoded);
    const bool is_decoded = crc32 &&
                            reuse_.should_decode(encoded.size(), room.size(), entries.size()) &&
                            reuse_.decode(encoded, room);
    if (!is_decoded) fill(entries, room);
    return crc32;
  }

  void fill(std::span<Entry> entries, std::span<char> room) {
    RoomSink out(room);
    for (Entry& entry : entries) {
      if (!entry.is_file()) {
        write_tar_headers(in_tar(entry), out);
        continue;
      }
      write_tar_headers(entry, out);
      note_content(entry, read_file(entry, out.take(entry.size)));
      out.write(tar_zeros.substr(0, tar_padding(entry.size)));
    }
  }

  ContentDigest read_file(const Entry& entry, std::span<char> room) const {
    const OpenFile file = open_(entry);
    if (read_full(*file.bytes, room) != room.size()) fail_changed(entry);
    if (file.is_verified && entry.content) return *entry.content;
    // Where the digest is known that tells of a file that has grown.
    if (char more = 0; !entry.content && file.bytes->read({&more, 1}) != 0) fail_changed(entry);
    return ContentDigest(Digest::of({room.data(), room.size()}));
  }

  Entry in_tar(const Entry& entry) const {
    if (entry.type != EntryType::hard_link) return entry;
    return hard_link_in_tar(entry, file_of_link(entries_, entry));
  }

  static void note_content(Entry& entry, const ContentDigest& content) {
    if (entry.content && *entry.content != content)
      fail(ErrorKind::system, quoted(entry.path), " changed while the layer was made: it was ",
           *entry.content, " and is ", content);
    entry.content = content;
  }

  std::vector<Entry> entries_;
  std::vector<TarRun> runs_;
  const ContentOpener& open_;
  const LayerWriting& writing_;
  const ChunkReuse& reuse_;
};

}  // namespace

WrittenLayer write_layer(Tree tree, const ContentOpener& open, Sink& out,
                         const Compression& compression, WorkerPool& pool,
                         const LayerWriting& writing) {
  SpanSum hash_time(writing.spans, "hash");
  SpanSum store_time(writing.spans, "store");
  MeasuredSink stored(out, store_time);
  const ChunkReuse reuse(writing.earlier, compression);
  LayerTarWriter writer(in_link_order(std::move(tree)), open, writing, reuse);
  const Beginning beginning = writer.find_beginning(pool);
  HashingSink blob(stored, &hash_time, reuse.copy(beginning, stored), beginning.size);
  OrderedHasher tar_hash(writing.spans, beginning.plain);
  CompressingSink compressed(blob, compression, pool, writing.spans, {&tar_hash, &blob.hasher()},
                             beginning.chunks, beginning.size);
  writer.write_to(compressed, beginning);
  ChunkTable chunks = compressed.finish();
  const std::uint64_t tar_size = chunks.uncompressed_size;
  const Digest digest = blob.finish();
  return {DiffId(tar_hash.finish()),
          digest,
          blob.size(),
          {Tree(writer.take_entries()), digest, compression.codec, std::move(chunks), tar_size,
           compression.level},
          compressed.reused_size()};
}

}  // namespace strata
