#pragma once
/// Splits characters into words while they are produced.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dockerfile/unicode.hpp"

namespace strata::dockerfile {

class WordCollector {
 public:
  /// White space in the text ends words.
  void add(std::string_view text) {
    for (std::size_t position = 0; position < text.size();) {
      const Rune rune = rune_at(text, position);
      if (is_space(rune.code)) {
        end_word();
      } else {
        word_ += text.substr(position, rune.size);
      }
      position += rune.size;
    }
  }

  /// White space is part of the word.
  void add_quoted(std::string_view text) { word_ += text; }

  std::vector<std::string> take() {
    end_word();
    return std::move(words_);
  }

 private:
  void end_word() {
    if (word_.empty()) return;
    words_.push_back(std::exchange(word_, {}));
  }

  std::string word_;
  std::vector<std::string> words_;
};

}  // namespace strata::dockerfile
