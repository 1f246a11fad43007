#pragma once
/// Patterns of COPY over paths below a source directory, in the grammar of ignore files: what
/// --exclude leaves out, what a source of --parents takes.

#include <string>
#include <string_view>
#include <vector>

#include "strata/dockerfile/ignore.hpp"

namespace strata::context {

/// Immutable and safe to share between threads.
class PathPatterns {
 public:
  /// Matches nothing.
  PathPatterns() = default;
  /// Throws Error dockerfile for a malformed one.
  explicit PathPatterns(const std::vector<std::string>& patterns)
      : rules_(dockerfile::IgnoreRules::from_patterns(patterns)) {}

  /// True if the last pattern that matches the path or a directory above it is not negated. Paths
  /// are root paths; the empty one never matches.
  bool match(std::string_view path) const { return !rules_.empty() && rules_.excludes(path); }

 private:
  dockerfile::IgnoreRules rules_;
};

}  // namespace strata::context
