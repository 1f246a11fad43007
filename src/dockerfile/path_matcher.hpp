#pragma once
/// One pattern of an ignore file, compiled.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace strata::dockerfile {

/// A nondeterministic automaton over characters, run with all its states at once, so that no
/// pattern makes matching slower than pattern times path. Immutable.
class PathMatcher {
 public:
  /// The pattern is cleaned and well-formed.
  explicit PathMatcher(std::string_view pattern);
  ~PathMatcher();

  /// True if the pattern matches the path itself, whatever it says of directories above it.
  bool matches(std::string_view path) const;

  /// True if some path below the directory may match.
  bool may_match_below(std::string_view directory) const;

 private:
  enum class Kind {
    rune,       ///< one character
    any,        ///< `?`
    one_of,     ///< `[…]`
    star,       ///< `*`
    dirs,       ///< `**/`: no directory, or enters `dirs_loop`
    dirs_loop,  ///< within the directories of `**/`
    tail,       ///< `**` at the end: anything
  };
  struct Token {
    Kind kind;
    char32_t rune = 0;
    bool negated = false;
    std::vector<std::pair<char32_t, char32_t>> ranges = {};
  };
  class States;

  void compile(std::string_view pattern);
  void read_stars(std::string_view& pattern, bool at_start);
  Token read_class(std::string_view& pattern) const;
  void enter(States& states, std::size_t token) const;
  void step(std::size_t token, char32_t rune, States& next) const;
  States start() const;
  bool advance(States& states, char32_t rune) const;
  std::optional<States> states_after(std::string_view path) const;

  std::vector<Token> tokens_;
  std::string literal_;  ///< the pattern, if it has no wildcard
  bool is_literal_;
};

}  // namespace strata::dockerfile
