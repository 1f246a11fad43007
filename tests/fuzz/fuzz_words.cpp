// Any word expands or is refused, within its limits.

#include "fuzz/target.hpp"
#include "strata/dockerfile/words.hpp"

void strata::fuzz::try_input(std::string_view input) {
  const auto environment = [](std::string_view name) -> std::optional<std::string> {
    if (name == "unset") return std::nullopt;
    return std::string(name) + "*/value";
  };
  dockerfile::Expander expander(environment);
  expander.words(input);
}
