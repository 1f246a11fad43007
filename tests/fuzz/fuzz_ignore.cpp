// Any text is a set of ignore rules or is refused; the last line is the path they are asked about.
// A walk that leaves out what may be left out reaches whatever is not excluded.

#include "fuzz/target.hpp"
#include "strata/base/path.hpp"
#include "strata/dockerfile/ignore.hpp"

namespace {

bool is_reached(const strata::dockerfile::IgnoreRules& rules, const std::string& path) {
  for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string directory = path.substr(0, slash);
    if (rules.excludes(directory) && !rules.may_include_below(directory)) return false;
  }
  return true;
}

}  // namespace

void strata::fuzz::try_input(std::string_view input) {
  const auto last = input.rfind('\n');
  if (last == std::string_view::npos) return;
  const auto rules = dockerfile::IgnoreRules::parse(input.substr(0, last));
  const std::string path = root_path(input.substr(last + 1));
  if (!rules.excludes(path) && !is_reached(rules, path)) __builtin_trap();
}
