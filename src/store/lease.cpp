// A lease file is a list of lines, each the hex digits of one digest, with a `+` before them where
// the owner writes the blob. The owner appends under the shared `collect` lock, so whoever has that
// lock exclusively sees whole lines.

#include "strata/store/lease.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "store/names.hpp"
#include "strata/base/error.hpp"
#include "strata/base/text.hpp"

namespace strata::store {

namespace {

constexpr std::size_t lease_size_max = 256u << 20;
constexpr char unwritten_mark = '+';

}  // namespace

struct Lease::State {
  std::string name;
  FileLock life;  ///< held as long as this process lives
  Fd file;
  std::set<Digest> held;
};

Lease::Lease(const Root& store) : store_(store) {}

Lease::~Lease() { release(); }

void Lease::release() {
  const std::lock_guard guard(mutex_);
  if (!state_) return;
  ::unlinkat(store_.fd(), cat(folder::leases, '/', state_->name).c_str(), 0);
  state_.reset();
}

void Lease::hold(std::span<const Digest> digests) {
  const std::lock_guard guard(mutex_);
  std::string lines;
  std::set<Digest> added;
  for (const Digest& digest : digests) {
    if (state_ && state_->held.contains(digest)) continue;
    if (added.insert(digest).second) lines += digest.hex() + '\n';
  }
  if (lines.empty()) return;
  append(lines);
  state_->held.merge(added);
}

void Lease::hold_unwritten(const Digest& digest) {
  const std::lock_guard guard(mutex_);
  append(cat(digest.hex(), '\n', unwritten_mark, digest.hex(), '\n'));
  state_->held.insert(digest);
}

void Lease::append(const std::string& lines) {
  const FileLock no_collection = FileLock::wait(store_.fd(), lock_file::collect, LockMode::shared);
  if (!state_) {
    const std::string name = random_hex(8);
    const std::string path = cat(folder::leases, '/', name);
    auto life = FileLock::try_now(store_.fd(), path, LockMode::exclusive);
    if (!life) fail(ErrorKind::system, "lease ", path, " is locked by somebody else");
    state_ = std::make_unique<State>(
        State{name, std::move(*life), store_.open_file(path, O_WRONLY | O_APPEND), {}});
  }
  write_all(state_->file.get(), lines);
}

bool Lease::is_written_elsewhere(const Digest& digest) const {
  const std::lock_guard guard(mutex_);
  const std::string line = cat(unwritten_mark, digest.hex(), '\n');
  for (const std::string& name : store_.list(folder::leases)) {
    if (state_ && name == state_->name) continue;
    const std::string path = cat(folder::leases, '/', name);
    const auto file = store_.find_file(path);
    if (!file || read_all(file->get(), lease_size_max, path).find(line) == std::string::npos)
      continue;
    // A lock that is free says that the owner is dead.
    if (!FileLock::try_now(store_.fd(), path, LockMode::shared)) return true;
  }
  return false;
}

std::set<Digest> Lease::held_by_anyone(const Root& store) {
  std::set<Digest> held;
  for (const std::string& name : store.list(folder::leases)) {
    const std::string path = cat(folder::leases, '/', name);
    if (FileLock::try_now(store.fd(), path, LockMode::exclusive)) {
      store.remove(path);  // its owner is dead
      continue;
    }
    const auto file = store.find_file(path);
    if (!file) continue;  // its owner has just ended
    for (const std::string& line : split(read_all(file->get(), lease_size_max, path), '\n')) {
      if (const auto digest = Digest::find_hex(line)) held.insert(*digest);
    }
  }
  return held;
}

}  // namespace strata::store
