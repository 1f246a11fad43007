#pragma once
/// Blobs: bytes under their digest, blobs/sha256/<hex>, as in any OCI image layout. A blob has its
/// name only when it is whole, verified and on disk; it never changes afterwards. Getting there is
/// done in the background: this process can use a blob from its commit on, others and the next
/// start of the machine can count on it after `flush`, which comes before anything is acknowledged.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "strata/base/file.hpp"
#include "strata/base/io.hpp"
#include "strata/base/root.hpp"
#include "strata/content/digest.hpp"
#include "strata/store/lease.hpp"

namespace strata::store {

class BlobCommitter;

/// Who finds out a new blob's digest.
enum class HashedBy { blob, writer };

/// A blob being written; without a name until `commit`.
class NewBlob : public Sink {
 public:
  /// Made by Blobs::create, which knows what to borrow.
  NewBlob(int directory_fd, Lease& lease, BlobCommitter& committer, HashedBy hashed_by);
  void write(std::string_view bytes) override;

  /// Bytes written so far.
  std::uint64_t size() const { return size_; }
  /// Open for reading and writing until the commit: what was written can be read back.
  int fd() const { return file_.fd(); }

  /// The digest of what was written; nothing can be written afterwards.
  const Digest& seal();

  /// Names the blob by the digest of what was written and returns it. May throw what went wrong
  /// with an earlier blob of this process on its way to the disk.
  Digest commit();
  /// As commit for bytes that claim to be `expected`: Error corrupt and no blob if they are not.
  void commit_expecting(const Digest& expected);
  /// Of a blob that its writer has hashed: names it by what he found.
  void commit_hashed(const Digest& digest);

 private:
  void commit_as(const Digest& digest);

  Lease& lease_;
  BlobCommitter& committer_;
  NewFile file_;
  std::optional<Hasher> hasher_;
  std::uint64_t size_ = 0;
  std::uint64_t in_writeback_ = 0;
  std::optional<Digest> digest_;
};

/// Thread-safe; any number of processes may work on one directory.
class Blobs {
 public:
  /// `store` and `lease` are borrowed.
  Blobs(const Root& store, Lease& lease);
  /// Brings everything to the disk, but tells nobody if that fails: call `flush` where it matters.
  ~Blobs();

  /// Returns when every blob committed so far is on disk under its name.
  void flush() const;

  /// The size in bytes, or nothing if the blob is not here.
  std::optional<std::uint64_t> find_size(const Digest& digest) const;
  bool has(const Digest& digest) const { return find_size(digest).has_value(); }
  /// As find_size, but waits for a blob that another living process is bringing to the disk.
  std::optional<std::uint64_t> await_size(const Digest& digest) const;

  /// Opens for reading; Error not_found if absent. The bytes are not verified by this.
  Fd open(const Digest& digest) const;
  /// A small document, whole and verified against its digest (Error corrupt).
  std::string read_document(const Digest& digest, std::size_t size_max) const;

  NewBlob create(HashedBy hashed_by = HashedBy::blob) const;
  /// Stores a document and returns its digest.
  Digest put(std::string_view bytes) const;

  /// After a flush.
  std::vector<Digest> list() const;

 private:
  Root directory_;
  Lease& lease_;
  std::unique_ptr<BlobCommitter> committer_;
};

/// A source over a stored blob that checks the digest when the last byte is read: reading to the
/// end is the verification. Throws Error corrupt at the end if the bytes are not those of the
/// digest.
std::unique_ptr<Source> open_verified(const Blobs& blobs, const Digest& digest);

}  // namespace strata::store
