// Any word expands or is refused, within its limits, with either escape character.

#include "fuzz/target.hpp"
#include "strata/dockerfile/words.hpp"

namespace {

std::optional<std::string> find_variable(std::string_view name) {
  if (name == "unset") return std::nullopt;
  return std::string(name) + "*/value \\x";
}

/// Each way on its own, so that one that is refused does not keep the others from being tried.
template <class Expand>
void attempt(const Expand& expand) {
  try {
    expand();
  } catch (const strata::Error&) {
  }
}

}  // namespace

void strata::fuzz::try_input(std::string_view input) {
  for (const char escape : {'\\', '`'}) {
    dockerfile::Expander expander(find_variable, escape);
    attempt([&] { expander.word(input); });
    attempt([&] { expander.words(input); });
    attempt([&] { expander.document(input); });
    dockerfile::split_words(input, escape);
  }
}
