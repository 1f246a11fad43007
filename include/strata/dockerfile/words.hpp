#pragma once
/// Quotes, escapes and variables: one text to one word, or to several.
///
/// Forms: $v ${v} ${v:-w} ${v-w} ${v:+w} ${v+w} ${v:?m} ${v?m} ${v#p} ${v##p} ${v%p} ${v%%p}
/// ${v/p/r} ${v//p/r}, where w, m, p and r are expanded in turn. Patterns know `*`, `?` and `\`.
/// Whatever the text, work and memory are bounded: time is linear in the text and in what the
/// variables give (patterns: times the length of the pattern), and what would pass one of the
/// limits below is an error.

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace strata::dockerfile {

inline constexpr std::size_t expansion_size_max = 1 << 20;
inline constexpr int expansion_depth_max = 100;
/// Characters of pattern times characters of value, summed over an Expander's life.
inline constexpr std::size_t pattern_work_max = 1 << 28;

/// The value of a variable, or nothing if it is unset.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

struct Expanded;

/// Expands the words of one instruction. All of them see the same environment. A text that cannot
/// be expanded is Error dockerfile without a place: the caller knows the line.
class Expander {
 public:
  explicit Expander(Environment environment, char escape = '\\');

  /// One word: quotes and escapes removed, variables replaced, blanks kept.
  std::string word(std::string_view text);

  /// As `word`, then split at white space that was not quoted. Values of unquoted variables are
  /// split too.
  std::vector<std::string> words(std::string_view text);

  /// For heredoc bodies: quotes are ordinary characters, variables and escapes are not. The escape
  /// character is always the backslash here.
  std::string document(std::string_view text);

  /// Names asked for so far that were unset, and that were set.
  const std::set<std::string>& unset_names() const { return unset_; }
  const std::set<std::string>& used_names() const { return used_; }

 private:
  Expanded expand_text(std::string_view text, char escape, bool quotes_are_text);

  Environment environment_;
  char escape_;
  std::set<std::string> unset_;
  std::set<std::string> used_;
  std::size_t pattern_work_ = 0;
};

/// Splits at unquoted white space, and leaves words as written: quotes, escapes, variables. A quote
/// that is never closed ends at the end of the text.
std::vector<std::string> split_words(std::string_view text, char escape = '\\');

}  // namespace strata::dockerfile
