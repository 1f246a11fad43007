#include "strata/cache/cache.hpp"

#include <array>

#include "cache/record_index.hpp"
#include "strata/base/text.hpp"

namespace strata::cache {

namespace {

Digest slot_name(const Slot& slot, std::string_view kind, std::string_view what) {
  plan::Ingredients place;
  place.add("stage", slot.stage);
  place.add(std::string(kind), std::string(what));
  return place.key().digest();
}

/// A slot has two names: what the step says, and where it stands.
std::array<Digest, 2> names_of(const Slot& slot) {
  return {slot_name(slot, "text", slot.text), slot_name(slot, "position", cat(slot.position))};
}

/// All slots of a Dockerfile are one table.
Digest table_of(const Slot& slot) { return Digest::of(slot.dockerfile); }

/// Contents are spread over some tables, each of which a build that adds one has to write.
Digest table_of_content(const Digest& content) {
  return Digest::of(cat("layers by content ", content.hex().substr(0, 2)));
}

Digest name_of_content(const Digest& content, const Compression& packing) {
  plan::Ingredients layer;
  layer.add("content", to_string(content));
  layer.add("packing", cat(to_string(packing.codec), ' ', packing.level));
  return layer.key().digest();
}

}  // namespace

Cache::Cache(store::Store& store, SharedRecords* shared)
    : store_(store), shared_(shared), index_(std::make_unique<RecordIndex>(store)) {}

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
  if (shared_ != nullptr) return true;
  const Digest table = table_of(slot);
  for (const Digest& name : names_of(slot))
    if (index_->find(table, name)) return true;
  return false;
}

std::optional<Record> Cache::find_previous(const Slot& slot) const {
  const Digest table = table_of(slot);
  for (const Digest& name : names_of(slot)) {
    const auto key = index_->find(table, name);
    if (auto record = key ? read(*key) : std::nullopt) return record;
  }
  return std::nullopt;
}

std::optional<Record> Cache::find_content(const Digest& content, const Compression& packing) const {
  const auto key = index_->find(table_of_content(content), name_of_content(content, packing));
  auto record = key ? find(*key) : std::nullopt;
  return record && record->content == content ? record : std::nullopt;
}

void Cache::note_content(const Record& record, const Compression& packing) const {
  if (!record.content) return;  // one that an older build has left
  const Digest& content = *record.content;
  index_->set(table_of_content(content), name_of_content(content, packing), record.key());
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

void Cache::touch(const Slot& slot, const CacheKey& key) const {
  const Digest table = table_of(slot);
  for (const Digest& name : names_of(slot)) index_->set(table, name, key);
}

}  // namespace strata::cache
