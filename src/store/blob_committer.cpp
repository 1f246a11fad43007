#include "store/blob_committer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "strata/base/error.hpp"

namespace strata::store {

namespace {

/// Each pending blob is an open file.
constexpr std::size_t pending_max = 64;

void check(int result, const char* what) {
  if (result != 0) fail_errno("cannot write ", what, " to the disk");
}

}  // namespace

std::optional<std::uint64_t> find_blob_size(int directory_fd, const Digest& digest) {
  struct stat info {};
  if (::fstatat(directory_fd, digest.hex().c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0) {
    return static_cast<std::uint64_t>(info.st_size);
  }
  if (errno != ENOENT) fail_errno("cannot look for blob ", to_string(digest));
  return std::nullopt;
}

BlobCommitter::~BlobCommitter() {
  {
    const std::lock_guard guard(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void BlobCommitter::submit(const Digest& digest, NewFile file, std::uint64_t size) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return pending_.size() < pending_max; });
  if (failure_) std::rethrow_exception(failure_);
  pending_.try_emplace(digest, Pending{std::move(file), size});
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  changed_.notify_all();
}

void BlobCommitter::flush() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return pending_.empty(); });
  if (failure_) std::rethrow_exception(failure_);
}

std::optional<std::uint64_t> BlobCommitter::find_size(const Digest& digest) const {
  const std::lock_guard guard(mutex_);
  const auto found = pending_.find(digest);
  if (found == pending_.end()) return std::nullopt;
  return found->second.size;
}

std::optional<Fd> BlobCommitter::find_open(const Digest& digest) const {
  const std::lock_guard guard(mutex_);
  const auto found = pending_.find(digest);
  if (found == pending_.end()) return std::nullopt;
  // Opened anew, so that the reader has a position of its own.
  const std::string magic_link = cat("/proc/self/fd/", found->second.file.fd());
  Fd file(::open(magic_link.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) fail_errno("cannot open blob ", to_string(digest));
  return file;
}

void BlobCommitter::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return closing_ || !pending_.empty(); });
    if (pending_.empty()) return;
    // Nodes of a map stay where they are while others come in.
    Batch batch;
    for (auto& item : pending_) batch.push_back(&item);
    lock.unlock();
    std::exception_ptr failure;
    try {
      commit(batch);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure && !failure_) failure_ = failure;
    for (const auto* item : batch) pending_.erase(item->first);
    changed_.notify_all();
  }
}

void BlobCommitter::commit(const Batch& batch) const {
  constexpr unsigned write_and_wait = SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
  for (const auto* item : batch) {
    // Only so that the first sync finds all data written, and with its journal commit serves all.
    ::sync_file_range(item->second.file.fd(), 0, 0, write_and_wait);
  }
  for (const auto* item : batch) check(::fdatasync(item->second.file.fd()), "a blob");
  for (auto* item : batch) link(item->first, item->second);
  check(::fsync(directory_fd_), "the folder of blobs");
}

void BlobCommitter::link(const Digest& digest, Pending& blob) const {
  const auto size_there = find_blob_size(directory_fd_, digest);
  if (!size_there) {
    blob.file.commit_once(digest.hex(), Durability::none);
  } else if (*size_there != blob.size) {
    blob.file.commit_replacing(digest.hex(), Durability::none);  // what was there is damaged
  }
}

}  // namespace strata::store
