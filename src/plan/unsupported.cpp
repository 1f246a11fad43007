#include "plan/unsupported.hpp"

#include <array>
#include <string_view>

#include "plan/findings.hpp"
#include "strata/dockerfile/flags.hpp"

namespace strata::plan {

namespace {

using dockerfile::Instruction;
using dockerfile::Keyword;

struct Row {
  Keyword keyword;
  std::string_view flag;
  /// The value that asks for nothing; empty if every use asks for something.
  std::string_view harmless;
};

constexpr std::array<Row, 2> table = {{
    {Keyword::add, "checksum", ""},
    {Keyword::add, "keep-git-dir", "false"},
}};

bool asks(const dockerfile::Flag& flag, const Row& row) {
  if (flag.name != row.flag) return false;
  return row.harmless.empty() || to_lower(flag.value.value_or("")) != row.harmless;
}

}  // namespace

void refuse_unsupported_flags(const Instruction& instruction) {
  for (const auto& row : table) {
    if (instruction.keyword != row.keyword) continue;
    for (const auto& flag : instruction.flags) {
      if (!asks(flag, row)) continue;
      refuse_unsupported(
          cat(dockerfile::keyword_name(row.keyword), " ", dockerfile::flag_text(flag)));
    }
  }
}

}  // namespace strata::plan
