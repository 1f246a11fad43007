#pragma once
/// The lines of containers-registries.conf(5): the small part of TOML that it is written in.

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace strata::registry {

/// One line that says something: a heading ("[[registry]]"), or a key and its value.
struct ConfLine {
  std::size_t number = 1;
  std::string heading;  ///< with its brackets; empty for a key
  std::string key;
  /// A text, true or false, or a list, of which nobody needs the elements.
  std::variant<std::string, bool, std::monostate> value;
};

/// Throws Error usage with `what` and the number of a line that is none of these.
std::vector<ConfLine> read_conf_lines(std::string_view text, std::string_view what);

}  // namespace strata::registry
