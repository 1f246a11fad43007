// Any text is a set of ignore rules or is refused; the last line is the path they are asked about.

#include "fuzz/target.hpp"
#include "strata/base/path.hpp"
#include "strata/dockerfile/ignore.hpp"

void strata::fuzz::try_input(std::string_view input) {
  const auto last = input.rfind('\n');
  if (last == std::string_view::npos) return;
  const auto rules = dockerfile::IgnoreRules::parse(input.substr(0, last));
  const std::string path = root_path(input.substr(last + 1));
  rules.excludes(path);
  rules.may_include_below(path);
}
