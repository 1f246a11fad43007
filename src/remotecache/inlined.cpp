#include "strata/remotecache/inlined.hpp"

#include <algorithm>

#include "strata/base/error.hpp"
#include "strata/base/json.hpp"

namespace strata::remotecache {

namespace {

constexpr const char* member = "io.strata.cache.v1";

bool is_of(const cache::Record& record, const std::vector<oci::Layer>& layers) {
  if (!record.layer) return true;
  return std::any_of(layers.begin(), layers.end(), [&](const oci::Layer& layer) {
    return layer.blob.digest == record.layer->blob.digest;
  });
}

/// What does not change the result is left out, so that equal builds have equal images.
std::string encode(cache::Record record) {
  record.duration_ms = 0;
  record.trees.clear();
  return to_base64(cache::encode_record(record));
}

json::object unknown_members(const oci::ImageConfig& config) {
  if (config.unknown_members.empty()) return {};
  return parse_json(config.unknown_members, "members of an image config").as_object();
}

}  // namespace

oci::Image with_records(const oci::Image& image, const std::vector<cache::RecordPointer>& records) {
  const std::vector<oci::Layer> layers = image.layers();
  json::array list;
  for (const cache::RecordPointer& record : records)
    if (is_of(*record, layers)) list.emplace_back(encode(*record));
  json::object members = unknown_members(image.config);
  members[member] = std::move(list);
  oci::ImageConfig config = image.config;
  config.unknown_members = to_text(members);
  return oci::make_image(config, layers, image.manifest.annotations);
}

std::vector<cache::Record> inlined_records(const oci::ImageConfig& config) {
  std::vector<cache::Record> records;
  const json::object members = unknown_members(config);
  const json::value* list = members.if_contains(member);
  if (list == nullptr || !list->is_array()) return records;
  for (const json::value& text : list->get_array()) {
    const auto bytes = text.is_string() ? from_base64(text.get_string()) : std::nullopt;
    if (auto record = bytes ? cache::decode_record(*bytes) : std::nullopt)
      records.push_back(std::move(*record));
  }
  return records;
}

}  // namespace strata::remotecache
