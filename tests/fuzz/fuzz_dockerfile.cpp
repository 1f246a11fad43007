// Any text is a Dockerfile or a SourceError, and what parses prints and parses to the same.

#include <algorithm>

#include "fuzz/target.hpp"
#include "strata/base/json.hpp"
#include "strata/dockerfile/parse.hpp"
#include "strata/dockerfile/print.hpp"
#include "strata/dockerfile/stages.hpp"

namespace {

using strata::dockerfile::Instruction;

/// What printing keeps of an instruction.
bool same_but_for_lines(const Instruction& left, const Instruction& right) {
  return left.original == right.original && left.flags == right.flags && left.form == right.form &&
         left.args == right.args && left.pairs == right.pairs && left.heredocs == right.heredocs &&
         left.comments == right.comments;
}

void check_print_is_inverse(const strata::dockerfile::File& file) {
  for (const Instruction& instruction : file.instructions) {
    if (instruction.original.size() + 2 > strata::dockerfile::line_size_max) return;
  }
  const auto again = strata::dockerfile::parse(strata::dockerfile::to_text(file), file.name);
  const bool same =
      std::equal(file.instructions.begin(), file.instructions.end(), again.instructions.begin(),
                 again.instructions.end(), same_but_for_lines);
  if (!same || again.escape != file.escape) __builtin_trap();
}

}  // namespace

void strata::fuzz::try_input(std::string_view input) {
  dockerfile::detect_syntax(input);
  const auto file = dockerfile::parse(input, "Dockerfile");
  try {
    check_print_is_inverse(file);
    parse_json(dockerfile::to_json(file), "tree");
  } catch (const Error&) {
    __builtin_trap();
  }
  dockerfile::split_stages(file);
}
