#pragma once
/// The rules of a .dockerignore file, and of COPY --exclude.
///
/// A path is excluded if the last rule that matches it, or one of the directories above it, does
/// not begin with `!`. Within a component `*`, `?`, `[…]` and `\` work as in Go's filepath.Match;
/// `**` stands for any number of components. Matching takes pattern times path at most.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace strata::dockerfile {

struct IgnoreRule {
  std::string text;      ///< as written, trimmed
  int line = 0;          ///< counted from 1
  bool negated = false;  ///< `!`
  std::string pattern;   ///< cleaned, without `!` and leading slash
};

class PathMatcher;

/// Immutable and safe to share between threads. Paths are root paths (strata/base/path.hpp).
class IgnoreRules {
 public:
  IgnoreRules() = default;

  /// Throws Error dockerfile naming the line of a malformed pattern. `name` is what messages call
  /// the file.
  static IgnoreRules parse(std::string_view text, std::string_view name = ".dockerignore");
  /// Each pattern as one line of a file; for --exclude.
  static IgnoreRules from_patterns(const std::vector<std::string>& patterns);

  bool empty() const { return rules_.empty(); }
  const std::vector<IgnoreRule>& rules() const { return rules_; }

  /// The root path "" is never excluded.
  bool excludes(std::string_view path) const;

  /// The rule that decided, whether for or against; null if none matches the path or a parent.
  const IgnoreRule* matching_rule(std::string_view path) const;

  /// For an excluded directory: false only if nothing below it can be included again, so that a
  /// walk may leave it out. True for a directory that is not excluded.
  bool may_include_below(std::string_view directory) const;

 private:
  void add(IgnoreRule rule);

  std::vector<IgnoreRule> rules_;
  std::vector<std::shared_ptr<const PathMatcher>> matchers_;  ///< one for each rule
};

}  // namespace strata::dockerfile
