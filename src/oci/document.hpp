#pragma once
/// What the printers and parsers of all image documents share.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "strata/base/json.hpp"

namespace strata::oci {

/// Most layers an image may have: overlayfs takes no more lower directories.
inline constexpr std::size_t layers_max = 500;

/// parse_json under the size limit of documents.
json::value parse_document(std::string_view text, std::string_view what);

json::object to_json_map(const std::map<std::string, std::string>& map);
json::array to_json_array(const std::vector<std::string>& texts);
/// Go's way to write a set: {"a":{},"b":{}}.
json::object to_json_set(const std::vector<std::string>& names);

/// The omitempty of Go's encoder.
void put_unless_empty(json::object& object, std::string_view key, const std::string& text);

}  // namespace strata::oci
