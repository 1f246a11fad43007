#pragma once
/// The engine below Expander and heredoc words: one pass over a text with a shell's quoting rules.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "strata/dockerfile/words.hpp"

namespace strata::dockerfile {

/// What the pass keeps instead of acting on it.
struct ExpansionStyle {
  bool keep_quotes = false;
  bool keep_escapes = false;
  bool keep_unset = false;  ///< an unset variable stays as written
  bool quotes_are_text = false;
  std::size_t size_max = expansion_size_max;
  std::size_t* pattern_work = nullptr;  ///< summed up here, against `pattern_work_max`
};

struct Expanded {
  std::string text;                ///< as one word
  std::vector<std::string> words;  ///< split at white space that was not quoted
};

/// Throws Error dockerfile without a place. A null `environment` has no variables.
Expanded expand(std::string_view text, char escape, const ExpansionStyle& style,
                const Environment& environment);

}  // namespace strata::dockerfile
