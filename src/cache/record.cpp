#include "strata/cache/record.hpp"

#include "strata/base/text.hpp"

namespace strata::cache {

namespace {

constexpr std::string_view magic = "strata-record 1\n";

/// A field is "name LENGTH:bytes\n".
void put_field(std::string& out, std::string_view name, std::string_view value) {
  out += cat(name, ' ', value.size(), ':', value, '\n');
}

/// Takes fields off the front of a record's text. Anything unexpected spoils the reader for good.
class FieldReader {
 public:
  explicit FieldReader(std::string_view text) : rest_(text) {}

  /// The value of the next field if it has this name.
  std::optional<std::string> take(std::string_view name) {
    if (!rest_.starts_with(name) || !rest_.substr(name.size()).starts_with(' '))
      return std::nullopt;
    std::string_view behind = rest_.substr(name.size() + 1);
    const std::size_t colon = behind.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto length = parse_decimal(behind.substr(0, colon));
    behind.remove_prefix(colon + 1);
    if (!length || *length >= behind.size() || behind[*length] != '\n') return std::nullopt;
    rest_ = behind.substr(*length + 1);
    return std::string(behind.substr(0, *length));
  }
  std::optional<std::uint64_t> take_number(std::string_view name) {
    const auto text = take(name);
    return text ? parse_decimal(*text) : std::nullopt;
  }
  std::optional<Digest> take_digest(std::string_view name) {
    const auto text = take(name);
    return text ? Digest::find(*text) : std::nullopt;
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::optional<oci::Layer> take_layer(FieldReader& fields) {
  const auto diff_id = fields.take_digest("diff-id");
  const auto blob = fields.take_digest("blob");
  const auto size = fields.take_number("size");
  const auto media_type = fields.take("media-type");
  if (!diff_id || !blob || !size || !media_type) return std::nullopt;
  return oci::Layer{DiffId(*diff_id), oci::Descriptor{*media_type, *blob, *size, {}, {}}};
}

std::optional<plan::Ingredients> take_ingredients(FieldReader& fields) {
  plan::Ingredients ingredients;
  while (const auto name = fields.take("ingredient")) {
    auto value = fields.take("value");
    if (!value || !ingredients.try_add(*name, std::move(*value))) return std::nullopt;
  }
  return ingredients;
}

void take_trees(FieldReader& fields, std::map<std::string, std::string>& trees) {
  while (const auto name = fields.take("tree-of"))
    if (auto tree = fields.take("tree")) trees.emplace(*name, std::move(*tree));
}

}  // namespace

std::string encode_record(const Record& record) {
  std::string out(magic);
  put_field(out, "text", record.text);
  put_field(out, "created", cat(record.created.time_since_epoch().count()));
  put_field(out, "duration", cat(record.duration_ms));
  if (record.layer) {
    put_field(out, "diff-id", to_string(record.layer->diff_id));
    put_field(out, "blob", to_string(record.layer->blob.digest));
    put_field(out, "size", cat(record.layer->blob.size));
    put_field(out, "media-type", record.layer->blob.media_type);
  }
  if (record.content) put_field(out, "content", to_string(*record.content));
  for (const auto& [name, tree] : record.trees) {
    put_field(out, "tree-of", name);
    put_field(out, "tree", tree);
  }
  for (const auto& ingredient : record.ingredients.list()) {
    put_field(out, "ingredient", ingredient.name);
    put_field(out, "value", ingredient.value);
  }
  return out;
}

std::optional<Record> decode_record(std::string_view text) {
  if (!text.starts_with(magic)) return std::nullopt;
  FieldReader fields(text.substr(magic.size()));
  Record record;
  const auto step = fields.take("text");
  const auto created = fields.take("created");
  const auto duration = fields.take_number("duration");
  if (!step || !created || !duration) return std::nullopt;
  record.text = *step;
  record.created = Time(std::chrono::nanoseconds(std::strtoll(created->c_str(), nullptr, 10)));
  record.duration_ms = *duration;
  record.layer = take_layer(fields);
  record.content = fields.take_digest("content");
  take_trees(fields, record.trees);
  auto ingredients = take_ingredients(fields);
  if (!ingredients || !fields.at_end()) return std::nullopt;
  record.ingredients = std::move(*ingredients);
  return record;
}

std::vector<Digest> record_references(const Digest&, std::string_view text) {
  const auto record = decode_record(text);
  if (!record || !record->layer) return {};
  return {record->layer->blob.digest, record->layer->diff_id.digest()};
}

}  // namespace strata::cache
