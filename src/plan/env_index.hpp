#pragma once
/// Variables of an environment by name.

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace strata::plan {

/// Finds and sets variables in a list of NAME=value without going through all of it: a file may
/// define thousands and ask for each. Means the same as oci::find_env and oci::set_env. The list is
/// borrowed, and only the values in it may be changed by anyone else.
class EnvIndex {
 public:
  explicit EnvIndex(std::vector<std::string>& env);

  std::optional<std::string> find(std::string_view name) const;
  void set(std::string_view name, std::string_view value);

 private:
  void read();

  std::vector<std::string>* env_;
  std::map<std::string, std::size_t, std::less<>> places_;  ///< of the last definition of each
  std::set<std::string, std::less<>> repeated_;             ///< defined several times, by a base
};

}  // namespace strata::plan
