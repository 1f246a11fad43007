#include "plan/suggestion.hpp"

#include <algorithm>
#include <cstdlib>

#include "strata/base/text.hpp"

namespace strata::plan {

namespace {

constexpr std::size_t distance_max = 2;

std::size_t difference(std::size_t left, std::size_t right) {
  return left > right ? left - right : right - left;
}

/// Levenshtein's distance in bytes.
std::size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row.back();
}

}  // namespace

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates,
                       std::string_view sigil) {
  const std::string* nearest = nullptr;
  std::size_t limit = distance_max + 1;
  for (const auto& candidate : candidates) {
    if (candidate == word) return {};
    // Names from outside may be long; lengths alone tell most of them apart.
    if (difference(candidate.size(), word.size()) >= limit) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance >= limit) continue;
    nearest = &candidate;
    limit = distance;
  }
  return nearest == nullptr ? std::string() : cat(" (did you mean ", sigil, *nearest, "?)");
}

}  // namespace strata::plan
