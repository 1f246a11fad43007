#include "remote/records.hpp"

#include "strata/base/error.hpp"

namespace strata::remote {

namespace {

store::Records open_records(const store::Store& store) {
  store.root().make_directories(records_folder, 0700);
  return store::Records(store.root(), records_folder);
}

Digest key_of(const json::array& name) { return Digest::of(to_text(name)); }

}  // namespace

std::optional<json::value> find_record(const store::Store& store, const json::array& name) {
  const auto text = open_records(store).find(key_of(name));
  if (!text) return std::nullopt;
  return parse_json(*text, "the record of a fetched file");
}

void put_record(const store::Store& store, const json::array& name, const json::object& record) {
  open_records(store).put(key_of(name), to_text(record));
}

}  // namespace strata::remote
