// Any line announces heredocs, or none, and each of them is ended by its own name.

#include "fuzz/target.hpp"
#include "strata/dockerfile/heredoc.hpp"

void strata::fuzz::try_input(std::string_view input) {
  dockerfile::find_heredoc_word(input);
  for (dockerfile::Heredoc& heredoc : dockerfile::find_heredocs(input)) {
    if (heredoc.name.empty()) __builtin_trap();
    heredoc.content = input;
    if (dockerfile::document_text(heredoc).size() > input.size()) __builtin_trap();
    dockerfile::with_documents(input, {heredoc});
  }
}
