#pragma once
/// JSON from outside, read strictly, and typed access that says where a document is wrong.
/// Boost.JSON does the parsing; here are the limits: nesting 64, no duplicate key, valid UTF-8, one
/// document and nothing after it.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace strata {

namespace json = boost::json;

/// Throws Error corrupt; `what` names the document in the message.
json::value parse_json(std::string_view text, std::string_view what);

/// One line without blanks. Keys keep the order in which they were put.
std::string to_text(const json::value& value);
/// Indented by two blanks, for people.
std::string to_pretty_text(const json::value& value);

/// Reads the members of one object. A member of the wrong type is Error corrupt and names the
/// document and the member; JSON null counts as absent.
class JsonObject {
 public:
  JsonObject(const json::value& value, std::string what);

  const json::value* find(std::string_view key) const;
  std::string string(std::string_view key) const;
  std::string string_or(std::string_view key, std::string_view otherwise) const;
  std::int64_t integer(std::string_view key) const;
  std::int64_t integer_or(std::string_view key, std::int64_t otherwise) const;
  bool boolean_or(std::string_view key, bool otherwise) const;
  /// Empty if absent.
  std::vector<std::string> strings(std::string_view key) const;
  std::map<std::string, std::string> string_map(std::string_view key) const;
  /// Throws if absent.
  JsonObject object(std::string_view key) const;
  std::optional<JsonObject> find_object(std::string_view key) const;
  /// The elements of an array of objects; empty if absent.
  std::vector<JsonObject> objects(std::string_view key) const;

  const json::object& raw() const { return *object_; }
  const std::string& what() const { return what_; }

 private:
  const json::object* object_;
  std::string what_;
};

}  // namespace strata
