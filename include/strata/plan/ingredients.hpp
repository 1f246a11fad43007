#pragma once
/// What a step depends on, as a list of named values in a fixed order. Its digest is the step's
/// cache key; the list itself is kept with the result, so that a later miss can be explained by the
/// first value that differs.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "strata/content/digest.hpp"

namespace strata::plan {

struct Ingredient {
  /// The kind of dependency, which decides how a difference is told: "parent", "argv", "env NAME",
  /// "user", "files", "mount /target" …
  std::string name;
  std::string value;
  friend bool operator==(const Ingredient&, const Ingredient&) = default;
};

/// Ordered; every name at most once.
class Ingredients {
 public:
  void add(std::string name, std::string value);
  const std::vector<Ingredient>& list() const { return list_; }
  const std::string* find(std::string_view name) const;

  /// SHA-256 over the number of ingredients and, each with its length before it, names and values:
  /// no two lists have the same framing.
  CacheKey key() const;

  friend bool operator==(const Ingredients&, const Ingredients&) = default;

 private:
  std::ptrdiff_t lower_bound(std::string_view name) const;

  std::vector<Ingredient> list_;
  std::vector<std::uint32_t> by_name_;  ///< places in the list, in the order of their names
};

}  // namespace strata::plan
