#pragma once
/// "(did you mean …?)" of the build checks, whose wording is BuildKit's down to the name it
/// suggests: hence its measure, and not that of `nearest_word`.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace strata::plan {

/// A file that defines thousands of names and misspells thousands would take hours: whoever has
/// more candidates makes no suggestion.
inline constexpr std::size_t candidates_max = 300;

/// ` (did you mean SIGIL+NAME?)` for the first of the nearest candidates, at most two characters
/// inserted, dropped or changed away; empty if there is none, or if the word is one of them.
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates,
                       std::string_view sigil = "");

}  // namespace strata::plan
