#include "remote/records.hpp"

#include "strata/base/error.hpp"
#include "strata/remote/fetch.hpp"

namespace strata::remote {

namespace {

store::Records open_records(const store::Store& store) {
  store.root().make_directories(records_folder, 0700);
  return store::Records(store.root(), records_folder);
}

Digest key_of(const json::array& name) { return Digest::of(to_text(name)); }

}  // namespace

std::optional<json::value> find_record(const store::Store& store, const json::array& name) {
  const store::Records records = open_records(store);
  const auto text = records.find(key_of(name));
  if (!text) return std::nullopt;
  records.touch(key_of(name));
  return parse_json(*text, "the record of a fetched file");
}

void put_record(const store::Store& store, const json::array& name, const json::object& record) {
  open_records(store).put(key_of(name), to_text(record));
}

std::optional<Digest> blob_of_record(std::string_view record) {
  try {
    const json::value document = parse_json(record, "the record of a fetched file");
    const JsonObject object(document, "the record of a fetched file");
    return Digest::parse(object.string(object.find("blob") != nullptr ? "blob" : "digest"));
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace strata::remote
