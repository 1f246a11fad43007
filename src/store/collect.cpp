// The race that matters: a build finds a blob in the store and uses it while a collection decides
// that nobody does. The build first writes the digest into its lease, under the shared `collect`
// lock, and only then asks whether the blob is there. The collection reads all leases and renames
// away under the exclusive lock. So either the build's entry came first, and the blob stays; or the
// rename did, and the build finds no blob and makes it anew, under a name that is free again.
// New blobs are put on the lease before they get their name, so they are never seen unprotected.

#include "strata/store/collect.hpp"

#include <stdio.h>

#include "store/disk_usage.hpp"
#include "store/marking.hpp"
#include "store/names.hpp"
#include "store/unpacked.hpp"
#include "strata/base/error.hpp"
#include "strata/store/slot_table.hpp"

namespace strata::store {

namespace {

/// Renames things of the store into a directory that is deleted later.
class Trash {
 public:
  Trash(const Root& store, const Root& trash) : store_(store), trash_(trash) {}

  void take(const char* folder, const Digest& name) {
    const std::string path = cat(folder, '/', name.hex());
    const std::string new_name = std::to_string(count_++);
    if (::renameat(store_.fd(), path.c_str(), trash_.fd(), new_name.c_str()) == 0) return;
    // Records and stale directories are also taken away by others.
    if (errno != ENOENT) fail_errno("cannot take away ", quoted(path));
  }

 private:
  const Root& store_;
  const Root& trash_;
  std::size_t count_ = 0;
};

std::vector<Digest> digests_in(const Root& store, const char* folder) {
  std::vector<Digest> digests;
  for (const std::string& name : store.list(folder)) {
    if (const auto digest = Digest::find_hex(name)) digests.push_back(*digest);
  }
  return digests;
}

/// One collection, from the mark to the last rename, under the exclusive lock.
class Collection {
 public:
  Collection(const Root& store, const CollectOptions& options, const Root& trash)
      : store_(store), options_(options), trash_(store, trash) {}

  Collected run() {
    marks_ = mark_images_and_leases(store_);
    sweep_records();
    sweep_slots();
    sweep_derived();
    sweep_blobs();
    sweep_fetched();
    sweep_indexes();
    return std::move(collected_);
  }

 private:
  void sweep_records() {
    const Records records(store_, folder::cache);
    for (const Digest& key : records.list()) {
      const auto record = records.find(key);
      if (!record || (options_.drop_record && options_.drop_record(key, *record))) {
        trash_.take(folder::cache, key);
        collected_.records.push_back(key);
      } else if (options_.references) {
        for (const Digest& digest : options_.references(key, *record)) {
          marks_.referred.insert(digest);
        }
      }
    }
  }

  /// What leads to a record goes with it.
  void sweep_slots() {
    const Records slots(store_, folder::slots);
    const Records records(store_, folder::cache);
    for (const Digest& dockerfile : slots.list()) {
      SlotTable table = SlotTable::decode(slots.find(dockerfile).value_or(""));
      const bool has_changed =
          table.keep([&](const Digest& key) { return records.find(key).has_value(); });
      if (table.empty())
        trash_.take(folder::slots, dockerfile);
      else if (has_changed)
        slots.put(dockerfile, table.encode());
    }
  }

  void sweep_derived() {
    const Unpacked unpacked(store_);
    std::set<Digest> gone;
    for (const Digest& diff_id : digests_in(store_, folder::unpacked)) {
      // What an earlier boot has left is of no use to anyone.
      const bool is_stale = !unpacked.find(DiffId(diff_id)) && !marks_.in_use.contains(diff_id);
      if (!is_stale && keeps_derived(diff_id)) continue;
      trash_.take(folder::unpacked, diff_id);
      gone.insert(diff_id);
    }
    for (const Digest& diff_id : digests_in(store_, folder::trees)) {
      if (keeps_derived(diff_id)) continue;
      trash_.take(folder::trees, diff_id);
      gone.insert(diff_id);
    }
    for (const Digest& diff_id : gone) collected_.layers.emplace_back(diff_id);
  }

  bool keeps_derived(const Digest& diff_id) const {
    return options_.drop_derived ? marks_.in_use.contains(diff_id) : marks_.refers_to(diff_id);
  }

  void sweep_blobs() {
    for (const Digest& blob : digests_in(store_, folder::blobs)) {
      if (marks_.refers_to(blob)) continue;
      trash_.take(folder::blobs, blob);
      collected_.blobs.push_back(blob);
    }
  }

  /// After the blobs, so that what went just now is known to be gone.
  void sweep_fetched() {
    if (!options_.fetched_blob) return;
    const Records records(store_, folder::remotes);
    for (const Digest& key : records.list()) {
      const auto record = records.find(key);
      const auto blob = record ? options_.fetched_blob(*record) : std::nullopt;
      const bool is_whole =
          blob && store_.find_stat(cat(folder::blobs, '/', blob->hex())).has_value();
      const bool is_wanted =
          is_whole && (marks_.in_use.contains(*blob) || !is_unused(folder::remotes, key));
      if (is_wanted) continue;
      trash_.take(folder::remotes, key);
      collected_.fetched.push_back(key);
    }
  }

  void sweep_indexes() {
    for (const Digest& id : digests_in(store_, folder::contexts)) {
      if (!is_unused(folder::contexts, id)) continue;
      trash_.take(folder::contexts, id);
      collected_.indexes.push_back(id);
    }
  }

  /// By the file's time, which whoever uses it renews.
  bool is_unused(const char* folder, const Digest& name) const {
    if (!options_.unused_since) return false;
    const auto info = store_.find_stat(cat(folder, '/', name.hex()));
    return !info || from_unix_seconds(info->st_mtim.tv_sec) < *options_.unused_since;
  }

  const Root& store_;
  const CollectOptions& options_;
  Trash trash_;
  Marks marks_;
  Collected collected_;
};

}  // namespace

Collected collect(Store& store, const CollectOptions& options) {
  const WorkDirectory trash = store.make_work_directory();
  Collected collected;
  {
    const FileLock alone = store.lock_collect(LockMode::exclusive);
    collected = Collection(store.root(), options, trash.root()).run();
  }
  // They have locks of their own, and nobody may wait for those while all wait for him.
  if (options.drop_cache_mounts) collected.cache_mounts = store.cache_mounts().take_unused(trash);
  collected.bytes = disk_usage(trash.root());
  return collected;
}

}  // namespace strata::store
