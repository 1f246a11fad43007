/// Reading a layer in one pass: blob, digest, tar, DiffId, entries, contents.

#include <algorithm>

#include "content/hashing_ahead.hpp"
#include "strata/base/error.hpp"
#include "strata/base/path.hpp"
#include "strata/content/hashing.hpp"
#include "strata/content/layer_blob.hpp"
#include "strata/content/tar.hpp"

namespace strata {

namespace {

/// The data of the member that a TarReader stands at.
class MemberSource : public Source {
 public:
  explicit MemberSource(TarReader& tar) : tar_(tar) {}
  std::size_t read(std::span<char> buffer) override { return tar_.read_data(buffer); }

 private:
  TarReader& tar_;
};

/// Shows an entry and its bytes to `visit`; what that leaves unread the TarReader skips.
void visit_member(TarReader& tar, const Entry& entry, const EntryVisitor& visit) {
  MemberSource data(tar);
  if (visit) visit(entry, entry.is_file() ? &data : nullptr);
}

/// As visit_member, and hashes the bytes.
void visit_unknown_member(TarReader& tar, Entry& entry, const EntryVisitor& visit) {
  if (!entry.is_file()) return visit_member(tar, entry, visit);
  MemberSource member(tar);
  HashingSource data(member);
  if (visit) visit(entry, &data);
  drain(data);
  entry.content = ContentDigest(data.finish());
}

/// All that one layer says about one path: the last real entry, and whether lower layers show
/// through.
class PathSayings {
 public:
  void add(Entry&& entry) {
    if (entry.type == EntryType::whiteout) return keep(whiteout_, std::move(entry));
    if (entry.type == EntryType::opaque) return keep(opaque_, std::move(entry));
    keep(real_, std::move(entry));
  }

  void put_into(std::vector<Entry>& entries) {
    if (real_ && real_->is_directory() && whiteout_ && !opaque_) {
      opaque_ = whiteout_;
      opaque_->type = EntryType::opaque;
    }
    if (real_ && !real_->is_directory()) opaque_.reset();
    if (!real_ && whiteout_) {
      entries.push_back(std::move(*whiteout_));
      return;
    }
    if (real_) entries.push_back(std::move(*real_));
    if (opaque_) entries.push_back(std::move(*opaque_));
  }

 private:
  static void keep(std::optional<Entry>& place, Entry&& entry) { place = std::move(entry); }

  std::optional<Entry> real_;
  std::optional<Entry> whiteout_;
  std::optional<Entry> opaque_;
};

Tree tree_of_members(std::vector<Entry> members) {
  std::stable_sort(members.begin(), members.end(), [](const Entry& left, const Entry& right) {
    return compare_paths(left.path, right.path) < 0;
  });
  std::vector<Entry> entries;
  entries.reserve(members.size());
  for (std::size_t i = 0; i < members.size();) {
    const std::string path = members[i].path;
    PathSayings sayings;
    for (; i < members.size() && members[i].path == path; ++i) sayings.add(std::move(members[i]));
    sayings.put_into(entries);
  }
  return Tree(std::move(entries));
}

/// The bytes of a blob, hashed unless somebody else does that.
class BlobSource : public Source {
 public:
  BlobSource(Source& in, BlobDigest digest) : in_(in) {
    if (digest == BlobDigest::checked) hasher_.emplace();
  }
  std::size_t read(std::span<char> buffer) override {
    const std::size_t count = in_.read(buffer);
    if (hasher_) hasher_->write({buffer.data(), count});
    return count;
  }
  /// Reads the rest.
  void check(const Digest& expected) {
    if (!hasher_) return;
    drain(*this);
    const Digest found = hasher_->finish();
    if (found != expected)
      fail(ErrorKind::corrupt, "the blob ", expected, " is damaged: its bytes have the digest ",
           found);
  }

 private:
  Source& in_;
  std::optional<Hasher> hasher_;
};

/// One pass over a blob: hashed as it comes and again as it is decoded, by other threads.
class LayerReading {
 public:
  /// `decode` makes a source of the tar out of one of the blob.
  template <class Decode>
  LayerReading(Source& blob, BlobDigest digest, const Decode& decode)
      : blob_(blob, digest), decoder_(decode(blob_)), tar_(*decoder_) {}

  /// Calls `take(tar, entry)` for each entry and returns the DiffId.
  template <class Take>
  DiffId run(const Digest& expected, const Take& take) {
    TarReader reader(tar_);
    while (auto entry = reader.next()) take(reader, *entry);
    reader.drain();
    const DiffId diff_id(tar_.finish());
    check_digest(expected);
    return diff_id;
  }

  std::uint64_t tar_size() const { return tar_.size(); }

  /// Reads the rest of the blob first. Does nothing the second time.
  void check_digest(const Digest& expected) {
    if (is_checked_) return;
    is_checked_ = true;
    tar_.stop();
    blob_.check(expected);
  }

 private:
  BlobSource blob_;
  std::unique_ptr<Source> decoder_;
  HashingAhead tar_;
  bool is_checked_ = false;
};

template <class Take>
DiffId run_checked(LayerReading& reading, const Digest& expected, const Take& take) {
  try {
    return reading.run(expected, take);
  } catch (const Error& error) {
    // Damage shows first where the bytes make no sense. That they are not the bytes asked for is
    // the better thing to say.
    if (error.kind() == ErrorKind::corrupt) reading.check_digest(expected);
    throw;
  }
}

DiffId visit_checked(LayerReading& reading, const Digest& expected, const EntryVisitor& visit) {
  return run_checked(reading, expected,
                     [&](TarReader& tar, const Entry& entry) { visit_member(tar, entry, visit); });
}

auto front_to_back(Codec codec) {
  return [codec](Source& in) { return make_decompressor(in, codec); };
}

}  // namespace

ReadLayer read_layer(Source& blob, const Digest& expected, Codec codec, const EntryVisitor& visit,
                     BlobDigest digest) {
  LayerReading reading(blob, digest, front_to_back(codec));
  std::vector<Entry> members;
  const DiffId diff_id = run_checked(reading, expected, [&](TarReader& tar, Entry& entry) {
    visit_unknown_member(tar, entry, visit);
    members.push_back(std::move(entry));
  });
  return {diff_id, {tree_of_members(std::move(members)), expected, codec, {}, reading.tar_size()}};
}

DiffId visit_layer(Source& blob, const Digest& expected, Codec codec, const EntryVisitor& visit) {
  LayerReading reading(blob, BlobDigest::checked, front_to_back(codec));
  return visit_checked(reading, expected, visit);
}

DiffId visit_layer(Source& blob, const LayerTree& layer, const EntryVisitor& visit,
                   WorkerPool& pool) {
  if (layer.chunks.empty()) return visit_layer(blob, layer.blob, layer.codec, visit);
  LayerReading reading(blob, BlobDigest::checked, [&](Source& in) {
    return make_chunk_decompressor(in, layer.chunks, layer.codec, pool);
  });
  return visit_checked(reading, layer.blob, visit);
}

}  // namespace strata
