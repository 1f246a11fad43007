#include "oci/document.hpp"

#include "strata/base/error.hpp"
#include "strata/oci/descriptor.hpp"

namespace strata::oci {

json::value parse_document(std::string_view text, std::string_view what) {
  if (text.size() > document_size_max) {
    fail(ErrorKind::corrupt, what, " has ", text.size(), " bytes; at most ", document_size_max,
         " are allowed");
  }
  return parse_json(text, what);
}

json::object to_json_map(const std::map<std::string, std::string>& map) {
  json::object object;
  for (const auto& [key, value] : map) object[key] = value;
  return object;
}

json::array to_json_array(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

json::object to_json_set(const std::vector<std::string>& names) {
  json::object object;
  for (const std::string& name : names) object[name].emplace_object();
  return object;
}

void put_unless_empty(json::object& object, std::string_view key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

}  // namespace strata::oci
