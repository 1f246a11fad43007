#pragma once
/// The rules of a .dockerignore file, and of COPY --exclude.
///
/// A path is excluded if the last rule that matches it, or one of the directories above it, does
/// not begin with `!`. A rule is tried on a path only where it could change what the rules before
/// it say of that path, and what it matched then it matches below too: with `a/b` and `!a`, a/b is
/// excluded, since a was not and `!a` had nothing to take back. Within a component `*`, `?`, `[…]`
/// and `\` work as in Go's filepath.Match; `**` stands for any number of components. Matching takes
/// pattern times path at most.

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
  /// What the rules say of a directory, as far as it matters for what is in it.
  class Inside {
    friend class IgnoreRules;
    std::vector<bool> matched_;  ///< for each rule whether it matched the directory or one above
  };

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

  Inside enter(std::string_view directory) const;
  /// As `excludes`, for a path directly in the directory that was entered.
  bool excludes(const Inside& parent, std::string_view path) const;

  /// For an excluded directory: false only if nothing below it can be included again, so that a
  /// walk may leave it out. True for a directory that is not excluded.
  bool may_include_below(std::string_view directory) const;

 private:
  void add(IgnoreRule rule);
  const IgnoreRule* judge(Inside& inside, std::string_view path) const;

  std::vector<IgnoreRule> rules_;
  std::vector<std::shared_ptr<const PathMatcher>> matchers_;  ///< one for each rule
};

}  // namespace strata::dockerfile
