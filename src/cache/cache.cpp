#include "strata/cache/cache.hpp"

#include <array>

#include "cache/last_runs.hpp"

namespace strata::cache {

Cache::Cache(store::Store& store, SharedRecords* shared)
    : store_(store), shared_(shared), last_runs_(std::make_unique<LastRuns>(store)) {}

Cache::~Cache() = default;

std::optional<Record> Cache::read(const CacheKey& key) const {
  const auto text = store_.cache_records().find(key.digest());
  if (!text) return std::nullopt;
  auto record = decode_record(*text);
  // The ingredients prove that the record is the one that was asked for.
  if (record && record->key() != key) return std::nullopt;
  return record;
}

std::optional<Record> Cache::find(const CacheKey& key) const {
  auto record = read(key);
  if (!record || !record->layer) return record;
  const oci::Layer& layer = *record->layer;
  store_.lease().hold(std::array{layer.blob.digest, layer.diff_id.digest()});
  const auto& blobs = store_.blobs();
  auto size = blobs.find_size(layer.blob.digest);
  // A record is there before its blob; the build that put it may still be writing that.
  if (!size) size = blobs.await_size(layer.blob.digest);
  if (size != layer.blob.size) return std::nullopt;
  return record;
}

std::optional<SharedRecord> Cache::find_shared(const CacheKey& key,
                                               const std::stop_token& stop) const {
  if (shared_ == nullptr) return std::nullopt;
  auto found = shared_->find(key, stop);
  if (!found || found->record.key() != key) return std::nullopt;
  // What has only been promised is no record of ours yet: the bytes may show that it lies.
  const auto& layer = found->record.layer;
  if (!layer || store_.blobs().has(layer->blob.digest))
    store_.cache_records().put(key.digest(), encode_record(found->record));
  return found;
}

void Cache::keep(const Record& record) const {
  if (record.layer) {
    const oci::Descriptor& blob = record.layer->blob;
    store_.lease().hold(blob.digest);
    if (store_.blobs().find_size(blob.digest) != blob.size) return;
    store_.layers().import_stored(blob.digest, record.layer->diff_id);
  }
  store_.cache_records().put_first(record.key().digest(), encode_record(record));
}

bool Cache::may_know(const Slot& slot) const {
  return shared_ != nullptr || !last_runs_->find(slot).empty();
}

std::optional<Record> Cache::find_previous(const Slot& slot) const {
  for (const CacheKey& key : last_runs_->find(slot))
    if (auto record = read(key)) return record;
  return std::nullopt;
}

void Cache::put(const Slot& slot, const Record& record) const {
  const CacheKey key = record.key();
  store_.cache_records().put(key.digest(), encode_record(record));
  touch(slot, key);
}

Record Cache::put_or_take(const Slot& slot, const Record& record) const {
  const CacheKey key = record.key();
  if (store_.cache_records().put_first(key.digest(), encode_record(record))) {
    if (auto standing = find(key)) {
      touch(slot, key);
      return *standing;
    }
    store_.cache_records().put(key.digest(), encode_record(record));
  }
  touch(slot, key);
  return record;
}

void Cache::touch(const Slot& slot, const CacheKey& key) const { last_runs_->set(slot, key); }

}  // namespace strata::cache
