#include "plan/onbuild.hpp"

#include "strata/dockerfile/parse.hpp"
#include "strata/dockerfile/rules.hpp"

namespace strata::plan {

namespace {

bool may_trigger(const dockerfile::Instruction& instruction) {
  using dockerfile::Keyword;
  return instruction.keyword != Keyword::from && instruction.keyword != Keyword::onbuild &&
         instruction.keyword != Keyword::maintainer;
}

dockerfile::Instruction parse_trigger(const std::string& text, char escape) {
  auto instruction = dockerfile::parse_instruction(text, escape);
  if (!may_trigger(instruction)) {
    refuse(cat(to_upper(instruction.keyword_text), " cannot be triggered"));
  }
  for (const auto& finding : dockerfile::check_instruction(instruction)) {
    refuse(finding.message, finding.suggestion);
  }
  return instruction;
}

}  // namespace

std::string trigger_text(const dockerfile::Instruction& onbuild) {
  const std::string_view whole = trim(onbuild.original);
  const auto end_of_keyword = whole.find_first_of(" \t\v\f\r");
  std::string text(trim(whole.substr(std::min(end_of_keyword, whole.size()))));
  for (const auto& heredoc : onbuild.heredocs) {
    text += cat("\n", heredoc.content, heredoc.name);
  }
  return text;
}

std::string trigger_prefix(const std::string& text, const std::string& base) {
  return cat("ONBUILD trigger ", quoted(text), " of ", base, ": ");
}

std::vector<dockerfile::Instruction> parse_triggers(const std::vector<std::string>& texts,
                                                    char escape, dockerfile::SourceRange lines,
                                                    const std::string& base, Findings& findings) {
  std::vector<dockerfile::Instruction> triggers;
  for (const auto& text : texts) {
    findings.attempt(
        lines,
        [&] {
          triggers.push_back(parse_trigger(text, escape));
          triggers.back().lines = lines;
        },
        trigger_prefix(text, base));
  }
  return triggers;
}

}  // namespace strata::plan
