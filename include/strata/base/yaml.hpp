#pragma once
/// YAML from outside, read as the JSON that it stands for: one document of maps with texts as keys,
/// lists, and plain values by the core schema of YAML 1.2 (with 0755 an octal number, as in 1.1).
/// Limits as for JSON: nesting 64, no duplicate key, valid UTF-8. Aliases are copies of what they
/// mean, and copies count: no text becomes a document much larger than itself.

#include <string_view>

#include "strata/base/json.hpp"

namespace strata {

/// Throws Error corrupt with `what`, which names the document, and the line. Merge keys (<<), keys
/// that are no plain values, and tags other than those of JSON's types are refused.
json::value parse_yaml(std::string_view text, std::string_view what);

}  // namespace strata
