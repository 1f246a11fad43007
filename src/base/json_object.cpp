// Typed access to the members of one JSON object.

#include "strata/base/error.hpp"
#include "strata/base/json.hpp"

namespace strata {

namespace {

[[noreturn]] void fail_member(const JsonObject& object, std::string_view key,
                              std::string_view complaint) {
  fail(ErrorKind::corrupt, object.what(), ": member ", quoted(key), ' ', complaint);
}

const json::value& member(const JsonObject& object, std::string_view key) {
  if (const json::value* value = object.find(key)) return *value;
  fail_member(object, key, "is missing");
}

std::string string_of(const JsonObject& object, std::string_view key, const json::value& value) {
  const json::string* text = value.if_string();
  if (!text) fail_member(object, key, "is not a string");
  return std::string(text->data(), text->size());
}

std::int64_t integer_of(const JsonObject& object, std::string_view key, const json::value& value) {
  boost::system::error_code code;
  const auto number = value.is_number() ? value.to_number<std::int64_t>(code) : 0;
  // to_number also takes "1.0", which is no integer in any document we read.
  if (!value.is_number() || value.is_double() || code)
    fail_member(object, key, "is not an integer");
  return number;
}

/// Names one part of a document: "manifest.config", "manifest.layers[2]".
std::string part_name(const JsonObject& object, std::string_view key) {
  return cat(object.what(), '.', key);
}

}  // namespace

JsonObject::JsonObject(const json::value& value, std::string what)
    : object_(value.if_object()), what_(std::move(what)) {
  if (!object_) fail(ErrorKind::corrupt, what_, " is not a JSON object");
}

const json::value* JsonObject::find(std::string_view key) const {
  const json::value* value = object_->if_contains({key.data(), key.size()});
  return value && !value->is_null() ? value : nullptr;
}

std::string JsonObject::string(std::string_view key) const {
  return string_of(*this, key, member(*this, key));
}

std::string JsonObject::string_or(std::string_view key, std::string_view otherwise) const {
  const json::value* value = find(key);
  return value ? string_of(*this, key, *value) : std::string(otherwise);
}

std::int64_t JsonObject::integer(std::string_view key) const {
  return integer_of(*this, key, member(*this, key));
}

std::int64_t JsonObject::integer_or(std::string_view key, std::int64_t otherwise) const {
  const json::value* value = find(key);
  return value ? integer_of(*this, key, *value) : otherwise;
}

bool JsonObject::boolean_or(std::string_view key, bool otherwise) const {
  const json::value* value = find(key);
  if (!value) return otherwise;
  if (!value->is_bool()) fail_member(*this, key, "is not true or false");
  return value->get_bool();
}

std::vector<std::string> JsonObject::strings(std::string_view key) const {
  std::vector<std::string> texts;
  const json::value* value = find(key);
  if (!value) return texts;
  if (!value->is_array()) fail_member(*this, key, "is not an array of strings");
  for (const json::value& element : value->get_array()) {
    if (!element.is_string()) fail_member(*this, key, "is not an array of strings");
    texts.emplace_back(element.get_string().data(), element.get_string().size());
  }
  return texts;
}

std::map<std::string, std::string> JsonObject::string_map(std::string_view key) const {
  std::map<std::string, std::string> texts;
  const auto inner = find_object(key);
  if (!inner) return texts;
  for (const auto& [name, value] : inner->raw()) {
    if (!value.is_string()) fail_member(*this, key, "is not an object of strings");
    texts.emplace(name, std::string(value.get_string().data(), value.get_string().size()));
  }
  return texts;
}

JsonObject JsonObject::object(std::string_view key) const {
  return JsonObject(member(*this, key), part_name(*this, key));
}

std::optional<JsonObject> JsonObject::find_object(std::string_view key) const {
  const json::value* value = find(key);
  if (!value) return std::nullopt;
  return JsonObject(*value, part_name(*this, key));
}

std::vector<JsonObject> JsonObject::objects(std::string_view key) const {
  std::vector<JsonObject> inner;
  const json::value* value = find(key);
  if (!value) return inner;
  if (!value->is_array()) fail_member(*this, key, "is not an array of objects");
  for (const json::value& element : value->get_array()) {
    inner.emplace_back(element, cat(part_name(*this, key), '[', inner.size(), ']'));
  }
  return inner;
}

}  // namespace strata
