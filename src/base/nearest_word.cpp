// "Did you mean": edit distance by optimal string alignment, where inserting, dropping or changing
// one character and swapping two neighbours cost one each.

#include <algorithm>
#include <array>

#include "strata/base/text.hpp"

namespace strata {

namespace {

std::size_t edit_distance(std::string_view from, std::string_view to) {
  // Row i holds the distances of from[0,i) to every prefix of `to`; a swap looks two rows back.
  std::vector<std::size_t> before_last(to.size() + 1);
  std::vector<std::size_t> last(to.size() + 1);
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t changed = from[i - 1] == to[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + changed});
      const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string> nearest_word(std::string_view word,
                                        const std::vector<std::string>& candidates) {
  // A third of the letters may be wrong: more, and the guess would be noise.
  std::size_t distance_max = std::max<std::size_t>(1, word.size() / 3);
  // A word from outside may be long; no candidate is near it then, and the table stays small.
  constexpr std::size_t word_size_max = 256;
  if (word.empty() || word.size() > word_size_max) return std::nullopt;
  const std::string* nearest = nullptr;
  for (const auto& candidate : candidates) {
    if (candidate.size() > word_size_max) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance > distance_max || (nearest && distance == distance_max)) continue;
    nearest = &candidate;
    distance_max = distance;
  }
  return nearest ? std::optional(*nearest) : std::nullopt;
}

}  // namespace strata
