#include "strata/store/cache_mounts.hpp"

#include <stdio.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "store/names.hpp"
#include "strata/base/directory_size.hpp"
#include "strata/base/error.hpp"
#include "strata/base/file.hpp"
#include "strata/base/stop.hpp"

namespace strata::store {

namespace {

constexpr const char* data_name = "data";
constexpr const char* name_file = "name";
constexpr std::size_t name_size_max = 64u << 10;
constexpr auto retry_after = std::chrono::milliseconds(50);

std::string path_of(const Digest& id) { return cat(folder::mounts, '/', id.hex()); }

LockMode mode_of(CacheSharing sharing) {
  return sharing == CacheSharing::shared ? LockMode::shared : LockMode::exclusive;
}

/// The id of a cache's further directories, for those who want one alone.
Digest copy_of(const Digest& id, std::size_t number) {
  return number == 0 ? id : Digest::of(cat(id.hex(), '/', number));
}

}  // namespace

HeldCacheMount CacheMounts::hold(const CacheMountWish& wish, const std::stop_token& stop) const {
  if (wish.sharing != CacheSharing::private_copy)
    return open(wish.id, wish, wait_for(wish, mode_of(wish.sharing), stop));
  for (std::size_t number = 0;; ++number) {
    const Digest id = copy_of(wish.id, number);
    if (auto lock = try_lock(id, LockMode::exclusive)) return open(id, wish, std::move(*lock));
  }
}

std::optional<FileLock> CacheMounts::try_lock(const Digest& id, LockMode mode) const {
  return FileLock::try_now(store_.fd(), lock_file::mounts, mode, byte_of(id));
}

/// The kernel's own waiting could not be interrupted.
FileLock CacheMounts::wait_for(const CacheMountWish& wish, LockMode mode,
                               const std::stop_token& stop) const {
  for (bool has_told = false;; std::this_thread::sleep_for(retry_after)) {
    throw_if_stopped(stop);
    if (auto lock = try_lock(wish.id, mode)) return std::move(*lock);
    if (!has_told && wish.on_wait) wish.on_wait();
    has_told = true;
  }
}

HeldCacheMount CacheMounts::open(const Digest& id, const CacheMountWish& wish,
                                 FileLock lock) const {
  if (!store_.find_stat(path_of(id))) make(id, wish);
  const Root folder = store_.open_directory(path_of(id));
  if (::utimensat(folder.fd(), name_file, nullptr, 0) != 0) fail_errno("touch a cache's name");
  return {std::move(lock), folder.open_directory(data_name)};
}

/// Those who share a new cache may all come here at once: the first one's directory stays.
void CacheMounts::make(const Digest& id, const CacheMountWish& wish) const {
  const WorkDirectory work(store_);
  make_in(work, wish);
  if (::renameat2(work.root().fd(), "new", store_.fd(), path_of(id).c_str(), RENAME_NOREPLACE) !=
          0 &&
      errno != EEXIST) {
    fail_errno("cannot give the cache ", quoted(wish.name), " its place in the store");
  }
}

void CacheMounts::make_in(const WorkDirectory& work, const CacheMountWish& wish) const {
  work.root().make_directory("new", 0700);
  const Root folder = work.root().open_directory("new");
  folder.make_directory(data_name, 0755);
  if (wish.fill) wish.fill(folder.open_directory(data_name));
  write_file(folder.fd(), name_file, wish.name, Durability::none);
}

std::optional<HeldCacheMount> CacheMounts::hold_alone(const Digest& id,
                                                      const std::stop_token& stop) const {
  FileLock lock = wait_for({id, {}, CacheSharing::locked, {}, {}}, LockMode::exclusive, stop);
  if (!store_.find_stat(path_of(id))) return std::nullopt;
  return HeldCacheMount(std::move(lock), store_.open_directory(cat(path_of(id), '/', data_name)));
}

void CacheMounts::replace(const CacheMountWish& wish, const std::stop_token& stop) const {
  const WorkDirectory work(store_);
  make_in(work, wish);
  const FileLock alone = wait_for(wish, LockMode::exclusive, stop);
  const std::string path = path_of(wish.id);
  const unsigned flags = store_.find_stat(path) ? RENAME_EXCHANGE : RENAME_NOREPLACE;
  if (::renameat2(work.root().fd(), "new", store_.fd(), path.c_str(), flags) != 0)
    fail_errno("cannot give the cache ", quoted(wish.name), " its place in the store");
}

std::optional<CacheMountInfo> CacheMounts::describe(const Digest& id) const {
  const auto folder = store_.find_file(path_of(id), O_RDONLY | O_DIRECTORY, Links::keep);
  if (!folder) return std::nullopt;
  const auto name = find_small_file(folder->get(), name_file, name_size_max);
  struct stat info {};
  if (!name || ::fstatat(folder->get(), name_file, &info, AT_SYMLINK_NOFOLLOW) != 0)
    return std::nullopt;
  const Root root(duplicate(folder->get()));
  return CacheMountInfo{id, *name, from_unix_seconds(info.st_mtim.tv_sec),
                        directory_size(root, data_name), !try_lock(id, LockMode::exclusive)};
}

std::vector<CacheMountInfo> CacheMounts::list() const {
  std::vector<CacheMountInfo> caches;
  for (const std::string& name : store_.list(folder::mounts)) {
    const auto id = Digest::find_hex(name);
    if (!id) continue;
    if (auto cache = describe(*id)) caches.push_back(std::move(*cache));
  }
  std::sort(caches.begin(), caches.end(), [](const CacheMountInfo& a, const CacheMountInfo& b) {
    return std::tie(a.name, a.id) < std::tie(b.name, b.id);
  });
  return caches;
}

std::vector<CacheMountInfo> CacheMounts::take_unused(const WorkDirectory& trash) const {
  std::vector<CacheMountInfo> taken;
  for (CacheMountInfo& cache : list()) {
    const auto alone = try_lock(cache.id, LockMode::exclusive);
    if (!alone) continue;
    const std::string name = cat("mount-", cache.id.hex());
    if (::renameat(store_.fd(), path_of(cache.id).c_str(), trash.root().fd(), name.c_str()) == 0)
      taken.push_back(std::move(cache));
    else if (errno != ENOENT)
      fail_errno("cannot take away ", quoted(path_of(cache.id)));
  }
  return taken;
}

}  // namespace strata::store
