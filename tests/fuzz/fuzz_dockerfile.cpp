// Any text is a Dockerfile or a SourceError, and what parses prints and parses to the same.

#include "fuzz/target.hpp"
#include "strata/dockerfile/parse.hpp"
#include "strata/dockerfile/stages.hpp"

void strata::fuzz::try_input(std::string_view input) {
  const auto file = dockerfile::parse(input, "Dockerfile");
  dockerfile::split_stages(file);
}
