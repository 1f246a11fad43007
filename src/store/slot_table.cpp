#include "strata/store/slot_table.hpp"

#include <map>

namespace strata::store {

namespace {

constexpr std::size_t digest_size = sizeof(Digest::Bytes);
constexpr std::size_t row_size = 2 * digest_size;

std::string_view view_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.bytes().data()), digest_size};
}

Digest digest_at(std::string_view bytes) {
  Digest::Bytes digest;
  bytes.copy(reinterpret_cast<char*>(digest.data()), digest_size);
  return Digest(digest);
}

}  // namespace

SlotTable SlotTable::decode(std::string_view bytes) {
  SlotTable table;
  if (bytes.size() % row_size != 0) return table;
  table.keys_.reserve(bytes.size() / row_size);
  for (; !bytes.empty(); bytes.remove_prefix(row_size))
    table.keys_.emplace(digest_at(bytes), digest_at(bytes.substr(digest_size)));
  return table;
}

std::string SlotTable::encode() const {
  std::string bytes;
  bytes.reserve(keys_.size() * row_size);
  for (const auto& [slot, key] : std::map(keys_.begin(), keys_.end())) {
    bytes += view_of(slot);
    bytes += view_of(key);
  }
  return bytes;
}

const Digest* SlotTable::find(const Digest& slot) const {
  const auto found = keys_.find(slot);
  return found == keys_.end() ? nullptr : &found->second;
}

bool SlotTable::set(const Digest& slot, const Digest& key) {
  const auto [place, is_new] = keys_.try_emplace(slot, key);
  if (!is_new && place->second == key) return false;
  place->second = key;
  return true;
}

void SlotTable::set_all(const SlotTable& newer) {
  for (const auto& [slot, key] : newer.keys_) keys_.insert_or_assign(slot, key);
}

bool SlotTable::keep(const std::function<bool(const Digest& key)>& wanted) {
  return std::erase_if(keys_, [&](const auto& row) { return !wanted(row.second); }) != 0;
}

}  // namespace strata::store
