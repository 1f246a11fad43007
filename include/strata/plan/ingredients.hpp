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
  /// Error system if the name is there already: two of one name would make an explanation
  /// ambiguous.
  void add(std::string name, std::string value);
  /// False, and nothing is added, if the name is there already.
  bool try_add(std::string name, std::string value);
  const std::vector<Ingredient>& list() const { return list_; }
  const std::string* find(std::string_view name) const;

  /// SHA-256 over the number of ingredients and, each with its length before it, names and values:
  /// no two lists have the same framing.
  CacheKey key() const;

  friend bool operator==(const Ingredients& left, const Ingredients& right) {
    return left.list_ == right.list_;
  }

 private:
  /// Where in `slots_` the name is, or would be.
  std::size_t slot_of(std::string_view name) const;
  void make_room();

  std::vector<Ingredient> list_;
  /// A hash table of names with linear probing, half empty at least, of a power of two: places in
  /// the list, from 1 on. A RUN has a hundred variables as often as not, and a warm build does
  /// little but this.
  std::vector<std::uint32_t> slots_;
};

}  // namespace strata::plan
