// Patterns become tokens; a state is the index of the token that must match next, and the state
// behind the last token accepts. `**/` is two tokens: `dirs`, which may be skipped, and
// `dirs_loop`, which takes any character and may be left behind a slash.
#include "dockerfile/path_matcher.hpp"

#include <algorithm>

#include "dockerfile/unicode.hpp"

namespace strata::dockerfile {
namespace {

constexpr std::string_view wildcards = "*?[\\";

/// The character at the beginning of the pattern, which may be escaped.
char32_t take_rune(std::string_view& pattern) {
  if (pattern.size() > 1 && pattern[0] == '\\') pattern.remove_prefix(1);
  const Rune rune = rune_at(pattern, 0);
  pattern.remove_prefix(rune.size);
  return rune.code;
}

bool is_below(std::string_view path, std::string_view directory) {
  return path.size() > directory.size() && path[directory.size()] == '/' &&
         path.starts_with(directory);
}

}  // namespace

/// A set of states; the first 64, which is all for nearly every pattern, need no memory of their
/// own.
class PathMatcher::States {
 public:
  explicit States(std::size_t count) : more_(count / 64) {}

  void add(std::size_t state) { word(state / 64) |= std::uint64_t{1} << state % 64; }
  bool has(std::size_t state) const {
    return ((state < 64 ? first_ : more_[state / 64 - 1]) >> state % 64 & 1) != 0;
  }
  void clear() {
    first_ = 0;
    std::fill(more_.begin(), more_.end(), 0);
  }
  bool empty() const {
    return first_ == 0 && std::all_of(more_.begin(), more_.end(), [](auto bits) { return !bits; });
  }
  template <class Visit>
  void for_each(Visit visit) const {
    visit_word(first_, 0, visit);
    for (std::size_t i = 0; i < more_.size(); ++i) visit_word(more_[i], (i + 1) * 64, visit);
  }

 private:
  std::uint64_t& word(std::size_t index) { return index == 0 ? first_ : more_[index - 1]; }
  template <class Visit>
  static void visit_word(std::uint64_t bits, std::size_t base, Visit visit) {
    for (; bits != 0; bits &= bits - 1) {
      visit(base + static_cast<std::size_t>(__builtin_ctzll(bits)));
    }
  }

  std::uint64_t first_ = 0;
  std::vector<std::uint64_t> more_;
};

PathMatcher::PathMatcher(std::string_view pattern)
    : literal_(pattern), is_literal_(pattern.find_first_of(wildcards) == std::string_view::npos) {
  if (!is_literal_) compile(pattern);
}

PathMatcher::~PathMatcher() = default;

void PathMatcher::compile(std::string_view pattern) {
  for (bool at_start = true; !pattern.empty(); at_start = false) {
    const char first = pattern[0];
    if (pattern.starts_with("**")) {
      read_stars(pattern, at_start);
    } else if (first == '*' || first == '?') {
      tokens_.push_back({first == '*' ? Kind::star : Kind::any});
      pattern.remove_prefix(1);
    } else if (first == '[') {
      tokens_.push_back(read_class(pattern));
    } else {
      tokens_.push_back({Kind::rune, take_rune(pattern)});
    }
  }
}

void PathMatcher::read_stars(std::string_view& pattern, bool at_start) {
  pattern.remove_prefix(2);
  const bool slash = pattern.starts_with('/');
  if (slash) pattern.remove_prefix(1);
  // `**name` without another wildcard is whatever ends in that name, within a component too.
  const bool suffix = at_start && !slash && pattern.find_first_of(wildcards) == pattern.npos;
  if (pattern.empty() || suffix) {
    tokens_.push_back({Kind::tail});
  } else {
    tokens_.push_back({Kind::dirs});
    tokens_.push_back({Kind::dirs_loop});
  }
}

PathMatcher::Token PathMatcher::read_class(std::string_view& pattern) const {
  Token token{Kind::one_of};
  pattern.remove_prefix(1);
  token.negated = pattern.starts_with('^');
  if (token.negated) pattern.remove_prefix(1);
  while (!pattern.empty() && (pattern[0] != ']' || token.ranges.empty())) {
    const char32_t low = take_rune(pattern);
    char32_t high = low;
    if (pattern.size() > 1 && pattern[0] == '-') {
      pattern.remove_prefix(1);
      high = take_rune(pattern);
    }
    token.ranges.emplace_back(low, high);
  }
  if (!pattern.empty()) pattern.remove_prefix(1);
  return token;
}

void PathMatcher::enter(States& states, std::size_t token) const {
  for (;; ++token) {
    states.add(token);
    if (token == tokens_.size()) return;
    const Kind kind = tokens_[token].kind;
    if (kind == Kind::dirs) {
      states.add(++token);  // the loop; and behind it, for no directory at all
    } else if (kind != Kind::star && kind != Kind::tail) {
      return;
    }
  }
}

void PathMatcher::step(std::size_t index, char32_t rune, States& next) const {
  if (index == tokens_.size()) return;
  const Token& token = tokens_[index];
  const bool slash = rune == U'/';
  const auto in_range = [&](const auto& range) {
    return range.first <= rune && rune <= range.second;
  };
  switch (token.kind) {
    case Kind::rune:
      if (rune == token.rune) enter(next, index + 1);
      return;
    case Kind::any:
      if (!slash) enter(next, index + 1);
      return;
    case Kind::one_of:
      if (!slash &&
          token.negated != std::any_of(token.ranges.begin(), token.ranges.end(), in_range))
        enter(next, index + 1);
      return;
    case Kind::star:
      if (!slash) enter(next, index);
      return;
    case Kind::dirs:
      return;  // its loop is a state of its own
    case Kind::dirs_loop:
      next.add(index);
      if (slash) enter(next, index + 1);
      return;
    case Kind::tail:
      enter(next, index);
      return;
  }
}

PathMatcher::States PathMatcher::start() const {
  States states(tokens_.size() + 1);
  enter(states, 0);
  return states;
}

bool PathMatcher::advance(States& states, char32_t rune) const {
  States next(tokens_.size() + 1);
  states.for_each([&](std::size_t state) { step(state, rune, next); });
  states = std::move(next);
  return !states.empty();
}

bool PathMatcher::matches(std::string_view path) const {
  if (is_literal_) return path == literal_;
  const auto states = states_after(path);
  return states && states->has(tokens_.size());
}

bool PathMatcher::may_match_below(std::string_view directory) const {
  if (directory.empty()) return true;
  if (is_literal_) return is_below(literal_, directory);
  auto states = states_after(directory);
  return states && advance(*states, U'/');
}

std::optional<PathMatcher::States> PathMatcher::states_after(std::string_view path) const {
  States states = start();
  for (std::size_t position = 0; position < path.size();) {
    const Rune rune = rune_at(path, position);
    if (!advance(states, rune.code)) return std::nullopt;
    position += rune.size;
  }
  return states;
}

}  // namespace strata::dockerfile
