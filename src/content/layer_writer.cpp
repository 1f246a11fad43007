/// Writing a layer in one pass: entries, contents, tar, DiffId, chunks, blob, digest.

#include <algorithm>

#include "content/link_groups.hpp"
#include "content/ordered_hasher.hpp"
#include "content/read_ahead.hpp"
#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
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

/// Brings entries and their bytes into a tar, and learns digests and offsets on the way.
class LayerTarWriter {
 public:
  LayerTarWriter(std::vector<Entry> entries, const LayerContents& contents,
                 const ContentProgress& progress, Sink& out, WorkerPool& pool)
      : entries_(std::move(entries)),
        contents_(contents),
        progress_(progress),
        tar_(out),
        small_files_(entries_, contents, pool) {}

  std::vector<Entry> run() {
    for (Entry& entry : entries_) {
      if (entry.is_file())
        add_file(entry);
      else if (entry.type == EntryType::hard_link)
        tar_.add(with_attributes_of_file(entry), nullptr);
      else
        tar_.add(entry, nullptr);
    }
    tar_.finish();
    return std::move(entries_);
  }

 private:
  void add_file(Entry& entry) {
    if (ReadAhead::is_small(entry)) {
      const ReadAhead::File file = small_files_.next();
      ViewSource bytes(file.bytes);
      entry.data_offset = tar_.add(entry, &bytes);
      note_content(entry, file.content);
      if (progress_) progress_(entry.size);
    } else {
      ContentSource bytes(contents_.open(entry), entry, progress_);
      entry.data_offset = tar_.add(entry, &bytes);
      note_content(entry, bytes.finish());
    }
  }

  static void note_content(Entry& entry, const ContentDigest& content) {
    if (entry.content && *entry.content != content)
      fail(ErrorKind::system, quoted(entry.path), " changed while the layer was made: it was ",
           *entry.content, " and is ", content);
    entry.content = content;
  }

  // In the tree a hard link has no attributes, but docker and containerd give its file those of the
  // tar header, so there they must be the file's.
  Entry with_attributes_of_file(const Entry& link) const {
    const auto file = std::partition_point(
        entries_.begin(), entries_.end(),
        [&](const Entry& entry) { return compare_paths(entry.path, link.rare->link) < 0; });
    Entry whole = *file;
    whole.path = link.path;
    whole.type = link.type;
    whole.rare.edit().link = link.rare->link;
    return whole;
  }

  std::vector<Entry> entries_;
  const LayerContents& contents_;
  const ContentProgress& progress_;
  TarWriter tar_;
  ReadAhead small_files_;
};

}  // namespace

WrittenLayer write_layer(Tree tree, const LayerContents& contents, Sink& out,
                         const Compression& compression, WorkerPool& pool,
                         const ContentProgress& progress, const SpanScope& spans) {
  SpanSum hash_time(spans, "hash");
  SpanSum store_time(spans, "store");
  MeasuredSink stored(out, store_time);
  HashingSink blob(stored, &hash_time);
  OrderedHasher tar(spans);
  CompressingSink compressed(blob, compression, pool, spans, &tar);
  Tree written(
      LayerTarWriter(in_link_order(std::move(tree)), contents, progress, compressed, pool).run());
  ChunkTable chunks = compressed.finish();
  const std::uint64_t tar_size = chunks.uncompressed_size;
  const Digest digest = blob.finish();
  return {DiffId(tar.finish()),
          digest,
          blob.size(),
          {std::move(written), digest, compression.codec, std::move(chunks), tar_size}};
}

}  // namespace strata
