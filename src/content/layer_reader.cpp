/// Reading a layer in one pass: blob, digest, tar, DiffId, entries, contents.

#include <algorithm>

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

void visit_member(TarReader& tar, Entry& entry, const EntryVisitor& visit) {
  if (!entry.is_file()) {
    if (visit) visit(entry, nullptr);
    return;
  }
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

/// One pass over a blob: hashed as it comes and again as it is decoded.
class LayerReading {
 public:
  LayerReading(Source& blob, Codec codec)
      : blob_(blob), decoder_(make_decompressor(blob_, codec)), tar_(*decoder_), codec_(codec) {}

  ReadLayer run(const Digest& expected, const EntryVisitor& visit) {
    TarReader reader(tar_);
    std::vector<Entry> members;
    while (auto entry = reader.next()) {
      visit_member(reader, *entry, visit);
      members.push_back(std::move(*entry));
    }
    reader.drain();
    check_digest(expected);
    const std::uint64_t tar_size = tar_.size();
    return {DiffId(tar_.finish()),
            {tree_of_members(std::move(members)), expected, codec_, {}, tar_size}};
  }

  /// Reads the rest of the blob first. Does nothing the second time.
  void check_digest(const Digest& expected) {
    if (is_checked_) return;
    is_checked_ = true;
    drain(blob_);
    const Digest found = blob_.finish();
    if (found != expected)
      fail(ErrorKind::corrupt, "the blob ", expected, " is damaged: its bytes have the digest ",
           found);
  }

 private:
  HashingSource blob_;
  std::unique_ptr<Source> decoder_;
  HashingSource tar_;
  Codec codec_;
  bool is_checked_ = false;
};

}  // namespace

ReadLayer read_layer(Source& blob, const Digest& expected, Codec codec, const EntryVisitor& visit) {
  LayerReading reading(blob, codec);
  try {
    return reading.run(expected, visit);
  } catch (const Error& error) {
    // Damage shows first where the bytes make no sense. That they are not the bytes asked for is
    // the better thing to say.
    if (error.kind() == ErrorKind::corrupt) reading.check_digest(expected);
    throw;
  }
}

}  // namespace strata
