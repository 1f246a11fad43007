#pragma once
/// Go's filepath.Match, the wildcards of COPY and ADD: `*` and `?` (never a slash), `[a-z]`,
/// `[^x]`,
/// `\` escapes. Characters are UTF-8; a byte that is not is a character of its own. The whole name
/// must match. Time is at most pattern times name.

#include <string_view>

namespace strata {

/// True if the pattern has any of `*?[\`.
bool has_wildcard(std::string_view text);

/// True if `pattern` can be parsed: brackets closed and not empty, ranges whole, no `\` at the end.
bool is_pattern(std::string_view pattern);

/// False also if the pattern is malformed.
bool match_pattern(std::string_view pattern, std::string_view name);

}  // namespace strata
