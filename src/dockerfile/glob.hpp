#pragma once
/// Patterns of ${v#p}, ${v%p} and ${v/p/r}: `*`, `?`, and `\` before `*`, `?` or `\`.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace strata::dockerfile {

enum class Extent { shortest, longest };

/// Works on characters, not bytes. A match takes at most pattern times text.
class Glob {
 public:
  /// Throws Error dockerfile for `\` before anything else. `\}` and `\/`, needed to write them
  /// within ${…}, stand for the character alone.
  explicit Glob(std::u32string_view pattern);

  struct Match {
    std::size_t start;
    std::size_t end;
  };

  /// A match that begins at `start`.
  std::optional<Match> match_at(std::u32string_view text, std::size_t start, Extent extent) const;
  /// The leftmost match at `from` or later, as long as can be.
  std::optional<Match> find(std::u32string_view text, std::size_t from) const;

  /// For texts read from their end.
  Glob reversed() const;

 private:
  Glob() = default;
  struct Piece {
    std::u32string runes;
    std::vector<bool> any;  ///< true where `?` stands
  };
  static bool fits(const Piece& piece, std::u32string_view text, std::size_t at);
  static std::optional<std::size_t> first_fit(const Piece& piece, std::u32string_view text,
                                              std::size_t from);
  static std::optional<std::size_t> last_fit(const Piece& piece, std::u32string_view text,
                                             std::size_t from);

  std::vector<Piece> pieces_;  ///< at least one; a star between each two
};

/// `value` without the part at its beginning (at its end) that the pattern matches.
std::string trim_prefix(std::string_view value, std::string_view pattern, Extent extent);
std::string trim_suffix(std::string_view value, std::string_view pattern, Extent extent);

enum class Replace { first, all };

/// Throws Error dockerfile if the result would be longer than `size_max`.
std::string replace_matches(std::string_view value, std::string_view pattern,
                            std::string_view replacement, Replace which, std::size_t size_max);

}  // namespace strata::dockerfile
