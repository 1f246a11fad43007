#include "strata/store/blobs.hpp"

#include <fcntl.h>

#include <chrono>
#include <future>
#include <thread>

#include "store/blob_committer.hpp"
#include "store/names.hpp"
#include "strata/base/error.hpp"

namespace strata::store {

namespace {

/// Every so many bytes the kernel is asked to begin writing, so that the sync at the end of a long
/// blob finds most of it on disk.
constexpr std::uint64_t writeback_step = 8u << 20;

/// A process that was stopped never brings its blobs to the disk.
constexpr std::chrono::seconds await_max{30};

[[noreturn]] void fail_wrong_bytes(const Digest& expected, const Digest& found) {
  fail(ErrorKind::corrupt, "blob ", to_string(expected), " has the bytes of ", to_string(found));
}

}  // namespace

NewBlob::NewBlob(int directory_fd, Lease& lease, BlobCommitter& committer, HashedBy hashed_by)
    : lease_(lease), committer_(committer), file_(directory_fd) {
  if (hashed_by == HashedBy::blob) hasher_.emplace();
}

void NewBlob::write(std::string_view bytes) {
  if (digest_) fail(ErrorKind::system, "a sealed blob takes no more bytes");
  if (hasher_) hasher_->write(bytes);
  write_all(file_.fd(), bytes);
  size_ += bytes.size();
  if (size_ - in_writeback_ < writeback_step) return;
  // Only advice: file systems that know no better ignore it, and the sync decides.
  ::sync_file_range(file_.fd(), static_cast<off_t>(in_writeback_),
                    static_cast<off_t>(size_ - in_writeback_), SYNC_FILE_RANGE_WRITE);
  in_writeback_ = size_;
}

const Digest& NewBlob::seal() {
  if (!digest_) digest_ = hasher_.value().finish();
  return *digest_;
}

Digest NewBlob::commit() {
  commit_as(seal());
  return *digest_;
}

void NewBlob::commit_expecting(const Digest& expected) {
  if (seal() != expected) fail_wrong_bytes(expected, *digest_);
  commit_as(expected);
}

void NewBlob::commit_hashed(const Digest& digest) {
  digest_ = digest;
  commit_as(digest);
}

void NewBlob::commit_as(const Digest& digest) {
  // First the lease: from here on nobody collects the blob, whether it is there or comes now.
  lease_.hold_unwritten(digest);
  committer_.submit(digest, std::move(file_), size_);
}

Blobs::Blobs(const Root& store, Lease& lease)
    : directory_(store.open_directory(folder::blobs)),
      lease_(lease),
      committer_(std::make_unique<BlobCommitter>(directory_.fd())) {}

Blobs::~Blobs() = default;

void Blobs::flush() const { committer_->flush(); }

std::optional<std::uint64_t> Blobs::find_size(const Digest& digest) const {
  // First those without a name: a blob loses that state only after it got its name.
  if (const auto size = committer_->find_size(digest)) return size;
  return find_blob_size(directory_.fd(), digest);
}

std::optional<std::uint64_t> Blobs::await_size(const Digest& digest) const {
  using namespace std::chrono_literals;
  const auto deadline = std::chrono::steady_clock::now() + await_max;
  for (;;) {
    // Asked before the look: what was being written may have got its name in between.
    const bool is_coming = lease_.is_written_elsewhere(digest);
    const auto size = find_size(digest);
    if (size || !is_coming || std::chrono::steady_clock::now() > deadline) return size;
    std::this_thread::sleep_for(2ms);
  }
}

Fd Blobs::open(const Digest& digest) const {
  if (auto file = committer_->find_open(digest)) return std::move(*file);
  auto file = directory_.find_file(digest.hex(), O_RDONLY, Links::keep);
  if (!file) fail(ErrorKind::not_found, "blob ", to_string(digest), " is not in the store");
  return std::move(*file);
}

std::string Blobs::read_document(const Digest& digest, std::size_t size_max) const {
  std::string bytes = read_all(open(digest).get(), size_max, "blob " + to_string(digest));
  if (const Digest found = Digest::of(bytes); found != digest) fail_wrong_bytes(digest, found);
  return bytes;
}

NewBlob Blobs::create(HashedBy hashed_by) const {
  return NewBlob(directory_.fd(), lease_, *committer_, hashed_by);
}

Digest Blobs::put(std::string_view bytes) const {
  NewBlob blob = create();
  blob.write(bytes);
  return blob.commit();
}

std::vector<Digest> Blobs::list() const {
  flush();
  std::vector<Digest> digests;
  for (const std::string& name : directory_.list("")) {
    if (const auto digest = Digest::find_hex(name)) digests.push_back(*digest);
  }
  return digests;
}

namespace {

/// Below this a thread costs more than it saves.
constexpr std::uint64_t hashed_aside_min = 4 << 20;

class VerifiedSource : public Source {
 public:
  VerifiedSource(Fd file, const Digest& expected)
      : file_(std::move(file)), source_(file_.get()), expected_(expected) {
    ::posix_fadvise(file_.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  }

  std::size_t read(std::span<char> buffer) override {
    const std::size_t count = source_.read(buffer);
    is_begun_ = true;
    if (count > 0) {
      if (!aside_.valid()) hasher_.write({buffer.data(), count});
    } else if (!found_ && !buffer.empty()) {
      found_ = aside_.valid() ? aside_.get() : hasher_.finish();
    }
    if (found_ && *found_ != expected_) fail_wrong_bytes(expected_, *found_);
    return count;
  }

  /// The kernel shows nobody what it copies, so a thread reads the file for itself.
  int as_file() override {
    if (aside_.valid()) return file_.get();
    if (is_begun_) return -1;
    if (static_cast<std::uint64_t>(stat_of(file_.get()).st_size) < hashed_aside_min) return -1;
    aside_ = std::async(std::launch::async, [fd = file_.get()] {
      PreadSource whole(fd);
      return digest_of(whole);
    });
    return file_.get();
  }

 private:
  Fd file_;
  FdSource source_;
  Digest expected_;
  Hasher hasher_;
  bool is_begun_ = false;
  std::future<Digest> aside_;  ///< destruction waits for it
  std::optional<Digest> found_;
};

}  // namespace

std::unique_ptr<Source> open_verified(const Blobs& blobs, const Digest& digest) {
  return std::make_unique<VerifiedSource>(blobs.open(digest), digest);
}

}  // namespace strata::store
