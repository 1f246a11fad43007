// `split_words`: words as they are written, before anything is expanded.
#include "dockerfile/unicode.hpp"
#include "strata/dockerfile/words.hpp"

namespace strata::dockerfile {
namespace {

/// Takes one word off the text, which has no white space at its beginning. An escape character that
/// is the very last one of the text escapes nothing and is dropped.
std::string take_word(std::string_view& text, char escape) {
  std::string word;
  char quote = 0;
  std::size_t position = 0;
  while (position < text.size()) {
    const Rune rune = rune_at(text, position);
    const char c = text[position];
    if (quote == 0 && is_space(rune.code)) break;
    const std::size_t start = position;
    position += rune.size;
    if (c == escape && quote != '\'') {
      if (position == text.size()) break;
      position += rune_at(text, position).size;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (quote != 0 && c == quote) {
      quote = 0;
    }
    word += text.substr(start, position - start);
  }
  text.remove_prefix(position);
  return word;
}

}  // namespace

std::vector<std::string> split_words(std::string_view text, char escape) {
  std::vector<std::string> words;
  for (text = trim_left(text); !text.empty(); text = trim_left(text)) {
    std::string word = take_word(text, escape);
    if (!word.empty()) words.push_back(std::move(word));
  }
  return words;
}

}  // namespace strata::dockerfile
