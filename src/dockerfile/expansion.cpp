#include "dockerfile/expansion.hpp"

#include <utility>

#include "dockerfile/glob.hpp"
#include "dockerfile/unicode.hpp"
#include "dockerfile/word_collector.hpp"
#include "strata/base/error.hpp"

namespace strata::dockerfile {
namespace {

constexpr char no_stop = '\0';

[[noreturn]] void fail_modifier(std::string_view modifier) {
  fail(ErrorKind::dockerfile, "unsupported modifier (", modifier, ") in substitution");
}

/// A cursor on the text, and a function for each thing that may stand there. Every function begins
/// on its own first character and leaves the cursor behind its last.
class Expansion {
 public:
  Expansion(std::string_view text, char escape, const ExpansionStyle& style,
            const Environment& environment)
      : text_(text), escape_(escape), style_(style), environment_(environment) {}

  Expanded run() {
    WordCollector words;
    std::string text = until(no_stop, &words);
    return {std::move(text), words.take()};
  }

 private:
  /// Where `${name` was read, and what modifier follows.
  struct Substitution {
    std::string name;
    std::optional<std::string> value;
    bool null_is_unset = false;
    std::string modifier;  ///< as written: ":-"
  };

  std::string until(char stop, WordCollector* words);
  void special(std::string& out, WordCollector* words);
  void ordinary(std::string& out, WordCollector* words);

  std::string single_quoted();
  std::string double_quoted();
  std::string heredoc_mark();
  std::string dollar();
  std::string braced();
  std::string name();

  std::string with_modifier(Substitution what, char modifier);
  std::string required(const Substitution& what, const std::string& message) const;
  std::string trimmed(const std::string& value, std::string pattern, char modifier);
  std::string replaced(const Substitution& what);
  /// The operand of a substitution, up to its closing character. Patterns keep their escapes, to
  /// read them themselves.
  std::string operand(char stop, bool keep_escapes);

  bool at_end() const { return position_ >= text_.size(); }
  char peek() const { return at_end() ? no_stop : text_[position_]; }
  bool at(char c) const { return !at_end() && text_[position_] == c; }
  std::string_view take_rune();
  std::optional<std::string> look_up(const std::string& variable) const;
  void append(std::string& out, std::string_view piece) const;
  void count_work(std::size_t pattern, std::size_t value);

  std::string_view text_;
  std::size_t position_ = 0;
  char escape_;
  ExpansionStyle style_;
  const Environment& environment_;
  int depth_ = 0;
};

std::string_view Expansion::take_rune() {
  const std::size_t start = position_;
  position_ += rune_at(text_, position_).size;
  return text_.substr(start, position_ - start);
}

std::optional<std::string> Expansion::look_up(const std::string& variable) const {
  return environment_ ? environment_(variable) : std::nullopt;
}

void Expansion::append(std::string& out, std::string_view piece) const {
  if (piece.size() > style_.size_max - out.size()) {
    fail(ErrorKind::dockerfile, "expansion gives more than ", style_.size_max, " bytes");
  }
  out += piece;
}

void Expansion::count_work(std::size_t pattern, std::size_t value) {
  if (style_.pattern_work == nullptr) return;
  *style_.pattern_work += (pattern + 1) * value;
  if (*style_.pattern_work > pattern_work_max) {
    fail(ErrorKind::dockerfile, "patterns too long for values that long: ", pattern,
         " characters against ", value);
  }
}

std::string Expansion::until(char stop, WordCollector* words) {
  std::string out;
  while (!at_end()) {
    const char c = peek();
    if (stop != no_stop && c == stop) {
      ++position_;
      return out;
    }
    const bool quote = !style_.quotes_are_text && (c == '\'' || c == '"');
    if (quote || c == '$' || c == '<') {
      special(out, words);
    } else {
      ordinary(out, words);
    }
  }
  if (stop != no_stop) fail(ErrorKind::dockerfile, "syntax error: missing '", stop, "'");
  return out;
}

void Expansion::special(std::string& out, WordCollector* words) {
  const char c = peek();
  std::string piece;
  if (c == '$') piece = dollar();
  if (c == '<') piece = heredoc_mark();
  if (c == '\'') piece = single_quoted();
  if (c == '"') piece = double_quoted();
  append(out, piece);
  if (words == nullptr) return;
  if (c == '$') {
    words->add(piece);
  } else {
    words->add_quoted(piece);
  }
}

void Expansion::ordinary(std::string& out, WordCollector* words) {
  std::string_view piece = take_rune();
  const bool is_escape = piece[0] == escape_;
  if (is_escape) {
    if (style_.keep_escapes) {
      append(out, piece);
      if (words != nullptr) words->add_quoted(piece);
    }
    if (at_end()) return;
    piece = take_rune();
  }
  append(out, piece);
  if (words == nullptr) return;
  if (is_escape) {
    words->add_quoted(piece);
  } else {
    words->add(piece);
  }
}

std::string Expansion::single_quoted() {
  const std::size_t close = text_.find('\'', position_ + 1);
  if (close == std::string_view::npos) {
    fail(ErrorKind::dockerfile,
         "unexpected end of statement while looking for matching single-quote");
  }
  const std::size_t start = style_.keep_quotes ? position_ : position_ + 1;
  const std::size_t end = style_.keep_quotes ? close + 1 : close;
  position_ = close + 1;
  return std::string(text_.substr(start, end - start));
}

std::string Expansion::double_quoted() {
  std::string out;
  ++position_;
  if (style_.keep_quotes) out += '"';
  while (!at('"')) {
    if (at_end()) {
      fail(ErrorKind::dockerfile,
           "unexpected end of statement while looking for matching double-quote");
    }
    if (at('$')) {
      append(out, dollar());
      continue;
    }
    std::string_view piece = take_rune();
    if (piece[0] == escape_ && !at_end()) {
      if (style_.keep_escapes) append(out, piece);
      if (at('"') || at('$') || at(escape_)) piece = take_rune();
    }
    append(out, piece);
  }
  ++position_;
  if (style_.keep_quotes) out += '"';
  return out;
}

/// `<<` and the blanks behind it belong to the same word as the name that follows.
std::string Expansion::heredoc_mark() {
  ++position_;
  if (!at('<')) return "<";
  ++position_;
  std::string mark = "<<";
  while (at(' ') || at('\t') || at('\r')) mark += text_[position_++];
  return mark;
}

std::string Expansion::dollar() {
  ++position_;
  if (at('{')) return braced();
  const std::string variable = name();
  if (variable.empty()) return "$";
  const auto value = look_up(variable);
  if (!value && style_.keep_unset) return "$" + variable;
  return value.value_or("");
}

/// A variable's name, digits, or one of the shell's special parameters.
std::string Expansion::name() {
  constexpr std::string_view special_parameters = "@*#?-$!";
  const std::size_t start = position_;
  if (!at_end() && special_parameters.find(peek()) != std::string_view::npos) {
    ++position_;
  } else if (is_digit(peek())) {
    while (is_digit(peek())) ++position_;
  } else {
    while (!at_end() && is_name_rune(rune_at(text_, position_).code)) take_rune();
  }
  return std::string(text_.substr(start, position_ - start));
}

std::string Expansion::braced() {
  ++position_;
  if (at('{') || at('}') || at(':')) fail(ErrorKind::dockerfile, "syntax error: bad substitution");
  Substitution what;
  what.name = name();
  if (at_end()) fail(ErrorKind::dockerfile, "syntax error: missing '}'");
  what.value = look_up(what.name);
  if (at('}')) {
    ++position_;
    if (!what.value && style_.keep_unset) return "${" + what.name + "}";
    return what.value.value_or("");
  }
  if (at('/')) return replaced(what);
  if (at(':')) {
    what.null_is_unset = true;
    what.modifier = text_[position_++];
  }
  if (at_end()) fail(ErrorKind::dockerfile, "syntax error: missing '}'");
  const std::string_view modifier = take_rune();
  what.modifier += modifier;
  return with_modifier(std::move(what), modifier[0]);
}

std::string Expansion::operand(char stop, bool keep_escapes) {
  if (++depth_ > expansion_depth_max) {
    fail(ErrorKind::dockerfile, "substitutions nested more than ", expansion_depth_max, " deep");
  }
  const bool outer = std::exchange(style_.keep_escapes, keep_escapes);
  std::string text = until(stop, nullptr);
  style_.keep_escapes = outer;
  --depth_;
  return text;
}

std::string Expansion::with_modifier(Substitution what, char modifier) {
  const bool pattern = modifier == '#' || modifier == '%';
  const bool known = std::string_view("-+?#%").find(modifier) != std::string_view::npos;
  if (!known || (pattern && what.null_is_unset)) fail_modifier(what.modifier);
  std::string word = operand('}', pattern);
  if (!what.value && style_.keep_unset) return cat("${", what.name, what.modifier, word, "}");
  const bool given = what.value && !(what.null_is_unset && what.value->empty());
  if (modifier == '-') return given ? *what.value : word;
  if (modifier == '+') return given ? word : "";
  if (modifier == '?') return given ? *what.value : required(what, word);
  return trimmed(what.value.value_or(""), std::move(word), modifier);
}

std::string Expansion::required(const Substitution& what, const std::string& message) const {
  const std::string_view reason =
      what.value ? "is not allowed to be empty" : "is not allowed to be unset";
  fail(ErrorKind::dockerfile, what.name, ": ", message.empty() ? reason : message);
}

/// `#` and `%` cut the shortest match, `##` and `%%` the longest.
std::string Expansion::trimmed(const std::string& value, std::string pattern, char modifier) {
  const Extent extent = pattern.starts_with(modifier) ? Extent::longest : Extent::shortest;
  if (extent == Extent::longest) pattern.erase(0, 1);
  count_work(pattern.size(), value.size());
  return modifier == '#' ? trim_prefix(value, pattern, extent)
                         : trim_suffix(value, pattern, extent);
}

std::string Expansion::replaced(const Substitution& what) {
  ++position_;
  const Replace which = at('/') ? Replace::all : Replace::first;
  if (which == Replace::all) ++position_;
  const std::string pattern = operand('/', true);
  const std::string replacement = operand('}', true);
  if (!what.value && style_.keep_unset) {
    return cat("${", what.name, "/", pattern, "/", replacement, "}");
  }
  const std::string value = what.value.value_or("");
  count_work(pattern.size(), value.size());
  return replace_matches(value, pattern, replacement, which, style_.size_max);
}

}  // namespace

Expanded expand(std::string_view text, char escape, const ExpansionStyle& style,
                const Environment& environment) {
  return Expansion(text, escape, style, environment).run();
}

}  // namespace strata::dockerfile
