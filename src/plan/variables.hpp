#pragma once
/// Variables by name, as the checks of a stage know them.

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace strata::plan {

/// Takes at most `variables_size_max` bytes: a file may define any number of variables in any
/// number of stages, and each stage has all of those below it.
class Variables {
 public:
  /// A name that is defined anew moves to the end. What would be too much is left out.
  void define(const std::string& name, std::string value);

  std::optional<std::string> find(std::string_view name) const;
  std::size_t count() const { return definitions_.size(); }
  /// In order of last definition.
  std::vector<std::string> names() const;
  /// Whether nothing was left out, so that a name that is not found is not defined.
  bool complete() const { return complete_; }

 private:
  struct Definition {
    std::string value;
    std::size_t order;
  };

  std::map<std::string, Definition, std::less<>> definitions_;
  std::size_t next_order_ = 0;
  std::size_t size_ = 0;
  bool complete_ = true;
};

inline constexpr std::size_t variables_size_max = 256u << 10;

}  // namespace strata::plan
