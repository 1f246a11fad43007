// tmp/<name>/ and its lock tmp/<name>.lock. Making a lock file and locking it are two steps; so
// that nobody takes a new one for abandoned in between, the steps are done under the shared `work`
// lock, which the search for abandoned ones has exclusively. Only finding happens under it: what is
// found stays locked while it is deleted.

#include "strata/store/work_directory.hpp"

#include <vector>

#include "store/names.hpp"
#include "strata/base/error.hpp"

namespace strata::store {

namespace {

constexpr std::string_view lock_suffix = ".lock";

std::string path_of(std::string_view name) { return cat(folder::work, '/', name); }

struct Abandoned {
  std::string name;
  FileLock lock;
};

std::vector<Abandoned> find_abandoned(const Root& store) {
  std::vector<Abandoned> found;
  const auto alone = FileLock::try_now(store.fd(), lock_file::work, LockMode::exclusive);
  if (!alone) return found;  // somebody begins work; the next one to come by will look again
  for (const std::string& file : store.list(folder::work)) {
    if (!file.ends_with(lock_suffix)) continue;
    if (auto lock = FileLock::try_now(store.fd(), path_of(file), LockMode::exclusive)) {
      found.push_back({file.substr(0, file.size() - lock_suffix.size()), std::move(*lock)});
    }
  }
  return found;
}

void remove_with_lock(const Root& store, const std::string& name) {
  store.remove(path_of(name));
  store.remove(path_of(name) + std::string(lock_suffix));
}

FileLock lock_new(const Root& store, const std::string& name) {
  const FileLock not_abandoned = FileLock::wait(store.fd(), lock_file::work, LockMode::shared);
  auto lock =
      FileLock::try_now(store.fd(), path_of(name) + std::string(lock_suffix), LockMode::exclusive);
  if (!lock) fail(ErrorKind::system, "work directory ", name, " is locked by somebody else");
  return std::move(*lock);
}

}  // namespace

void WorkDirectory::remove_abandoned(const Root& store) {
  for (const Abandoned& abandoned : find_abandoned(store)) remove_with_lock(store, abandoned.name);
}

WorkDirectory::WorkDirectory(const Root& store) : WorkDirectory(store, random_hex(8)) {}

WorkDirectory::WorkDirectory(const Root& store, std::string name)
    : store_(&store),
      name_(std::move(name)),
      lock_(lock_new(store, name_)),
      root_(
          ((void)store.make_directory(path_of(name_), 0700), store.open_directory(path_of(name_)))),
      host_path_(host_path_of(root_)) {}

WorkDirectory::WorkDirectory(WorkDirectory&& other) noexcept
    : store_(std::exchange(other.store_, nullptr)),
      name_(std::move(other.name_)),
      lock_(std::move(other.lock_)),
      root_(std::move(other.root_)),
      host_path_(std::move(other.host_path_)) {}

WorkDirectory::~WorkDirectory() {
  if (!store_) return;
  try {
    remove_with_lock(*store_, name_);
  } catch (const Error&) {
    // Left for remove_abandoned: the lock goes with this object.
  }
}

}  // namespace strata::store
