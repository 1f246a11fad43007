// A pattern is a row of pieces with a star between each two. From a fixed beginning the earliest
// fit of each piece leaves most room for the next, so matching needs no backtracking; for the
// longest match only the last piece is looked for from the end.
#include "dockerfile/glob.hpp"

#include <algorithm>

#include "dockerfile/unicode.hpp"
#include "strata/base/error.hpp"

namespace strata::dockerfile {
namespace {

/// The character that `\` at `position` stands for; `position` is moved onto it.
char32_t escaped(std::u32string_view pattern, std::size_t& position) {
  constexpr std::u32string_view allowed = U"*?\\}/";
  ++position;
  if (position < pattern.size() && allowed.find(pattern[position]) != allowed.npos) {
    return pattern[position];
  }
  const auto found = position < pattern.size() ? pattern.substr(position, 1) : U"";
  fail(ErrorKind::dockerfile, "invalid escape ", quoted(cat("\\", to_utf8(found))),
       " in pattern: only \\* \\? \\\\ are known");
}

std::string beyond(std::u32string_view text, std::size_t start, std::size_t end) {
  return to_utf8(std::u32string(text.substr(0, start)) + std::u32string(text.substr(end)));
}

}  // namespace

Glob::Glob(std::u32string_view pattern) : pieces_(1) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == U'*') {
      pieces_.emplace_back();
      continue;
    }
    const bool any = pattern[i] == U'?';
    const char32_t rune = pattern[i] == U'\\' ? escaped(pattern, i) : pattern[i];
    pieces_.back().runes += rune;
    pieces_.back().any.push_back(any);
  }
}

bool Glob::fits(const Piece& piece, std::u32string_view text, std::size_t at) {
  if (text.size() - at < piece.runes.size()) return false;
  for (std::size_t i = 0; i < piece.runes.size(); ++i) {
    if (!piece.any[i] && piece.runes[i] != text[at + i]) return false;
  }
  return true;
}

std::optional<std::size_t> Glob::first_fit(const Piece& piece, std::u32string_view text,
                                           std::size_t from) {
  for (std::size_t at = from; at + piece.runes.size() <= text.size(); ++at) {
    if (fits(piece, text, at)) return at;
  }
  return std::nullopt;
}

std::optional<std::size_t> Glob::last_fit(const Piece& piece, std::u32string_view text,
                                          std::size_t from) {
  if (text.size() < piece.runes.size()) return std::nullopt;
  for (std::size_t at = text.size() - piece.runes.size() + 1; at-- > from;) {
    if (fits(piece, text, at)) return at;
  }
  return std::nullopt;
}

std::optional<Glob::Match> Glob::match_at(std::u32string_view text, std::size_t start,
                                          Extent extent) const {
  if (!fits(pieces_[0], text, start)) return std::nullopt;
  std::size_t end = start + pieces_[0].runes.size();
  for (std::size_t i = 1; i < pieces_.size(); ++i) {
    const bool from_end = extent == Extent::longest && i + 1 == pieces_.size();
    const auto fit = from_end ? last_fit(pieces_[i], text, end) : first_fit(pieces_[i], text, end);
    if (!fit) return std::nullopt;
    end = *fit + pieces_[i].runes.size();
  }
  return Match{start, end};
}

std::optional<Glob::Match> Glob::find(std::u32string_view text, std::size_t from) const {
  const auto start = first_fit(pieces_[0], text, from);
  // If the rest does not fit behind the first place, it fits behind no later one either.
  return start ? match_at(text, *start, Extent::longest) : std::nullopt;
}

Glob Glob::reversed() const {
  Glob result;
  for (auto piece = pieces_.rbegin(); piece != pieces_.rend(); ++piece) {
    result.pieces_.push_back(*piece);
    std::reverse(result.pieces_.back().runes.begin(), result.pieces_.back().runes.end());
    std::reverse(result.pieces_.back().any.begin(), result.pieces_.back().any.end());
  }
  return result;
}

std::string trim_prefix(std::string_view value, std::string_view pattern, Extent extent) {
  const std::u32string text = to_runes(value);
  const auto match = Glob(to_runes(pattern)).match_at(text, 0, extent);
  return match ? beyond(text, 0, match->end) : std::string(value);
}

std::string trim_suffix(std::string_view value, std::string_view pattern, Extent extent) {
  const std::u32string text = to_runes(value);
  const std::u32string backwards(text.rbegin(), text.rend());
  const auto match = Glob(to_runes(pattern)).reversed().match_at(backwards, 0, extent);
  return match ? beyond(text, text.size() - match->end, text.size()) : std::string(value);
}

std::string replace_matches(std::string_view value, std::string_view pattern,
                            std::string_view replacement, Replace which, std::size_t size_max) {
  const std::u32string text = to_runes(value);
  const Glob glob(to_runes(pattern));
  std::string out;
  std::size_t copied = 0;  // everything before is in `out` or was replaced
  for (std::size_t from = 0; from <= text.size();) {
    const auto match = glob.find(text, from);
    if (!match) break;
    out += to_utf8(std::u32string_view(text).substr(copied, match->start - copied));
    // An empty match right behind another one is none.
    if (match->end > copied || match->start == 0) out += replacement;
    copied = match->end;
    from = std::max(from + 1, match->end);
    if (out.size() > size_max)
      fail(ErrorKind::dockerfile, "a value longer than ", size_max, " bytes");
    if (which == Replace::first) break;
  }
  return out + to_utf8(std::u32string_view(text).substr(copied));
}

}  // namespace strata::dockerfile
