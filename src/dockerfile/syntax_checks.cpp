#include "strata/dockerfile/syntax_checks.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <set>

#include "strata/base/text.hpp"
#include "strata/dockerfile/stages.hpp"

namespace strata::dockerfile {
namespace {

bool is_lower(std::string_view text) { return text == to_lower(text); }
bool is_upper(std::string_view text) { return text == to_upper(text); }

// Checks of one instruction. Each finds at most one thing.

std::optional<Warning> stage_name_casing(const Instruction& from) {
  if (from.args.size() != 3 || is_lower(from.args[2])) return std::nullopt;
  return Warning{CheckRule::stage_name_casing, from.lines,
                 cat("Stage name '", from.args[2], "' should be lowercase")};
}

std::optional<Warning> from_as_casing(const Instruction& from) {
  if (from.args.size() < 3) return std::nullopt;
  const std::string& as = from.args[1];
  const bool lower = is_lower(from.keyword_text);
  // A FROM in mixed case is a finding of its own.
  if (!lower && !is_upper(from.keyword_text)) return std::nullopt;
  if (lower ? is_lower(as) : is_upper(as)) return std::nullopt;
  return Warning{CheckRule::from_as_casing, from.lines,
                 cat("'", as, "' and '", from.keyword_text, "' keywords' casing do not match")};
}

std::optional<Warning> maintainer_deprecated(const Instruction& maintainer) {
  return Warning{CheckRule::maintainer_deprecated, maintainer.lines,
                 "Maintainer instruction is deprecated in favor of using label"};
}

/// The last comment line above must begin with one of the names that the instruction defines.
std::optional<Warning> describes(const Instruction& instruction,
                                 const std::vector<std::string>& names) {
  if (instruction.comments.empty() || names.empty()) return std::nullopt;
  const std::string& comment = instruction.comments.back();
  const std::string first_word = comment.substr(0, comment.find(' '));
  if (std::find(names.begin(), names.end(), first_word) != names.end()) return std::nullopt;
  const std::string example = names.size() > 1 ? "<arg_key>" : names[0];
  return Warning{CheckRule::invalid_definition_description, instruction.lines,
                 cat("Comment for ", keyword_name(*instruction.keyword),
                     " should follow the format: `# ", example, " <description>`")};
}

std::optional<Warning> stage_description(const Instruction& from) {
  if (from.args.size() != 3) return std::nullopt;
  return describes(from, {to_lower(from.args[2])});
}

std::optional<Warning> argument_description(const Instruction& arg) {
  std::vector<std::string> names;
  for (const Pair& pair : arg.pairs) names.push_back(pair.key);
  return describes(arg, names);
}

struct Row {
  Keyword keyword;
  std::optional<Warning> (*check)(const Instruction&);
};

constexpr std::array rows = {
    Row{Keyword::from, stage_name_casing},   Row{Keyword::from, from_as_casing},
    Row{Keyword::from, stage_description},   Row{Keyword::maintainer, maintainer_deprecated},
    Row{Keyword::arg, argument_description},
};

// Checks of the whole file.

/// ARGs before the first FROM belong to no stage, and neither count nor are counted.
std::vector<const Instruction*> instructions_of_stages(const File& file) {
  std::vector<const Instruction*> found;
  for (const Instruction& instruction : file.instructions) {
    if (!found.empty() || instruction.keyword == Keyword::from) found.push_back(&instruction);
  }
  return found;
}

std::vector<Warning> instruction_casing(const File& file) {
  const auto instructions = instructions_of_stages(file);
  int lower_count = 0;
  int upper_count = 0;
  for (const Instruction* instruction : instructions) {
    lower_count += is_lower(instruction->keyword_text) ? 1 : 0;
    upper_count += is_upper(instruction->keyword_text) ? 1 : 0;
  }
  const bool lower = lower_count > upper_count;
  std::vector<Warning> warnings;
  for (const Instruction* instruction : instructions) {
    const std::string& word = instruction->keyword_text;
    if (lower ? is_lower(word) : is_upper(word)) continue;
    warnings.push_back({CheckRule::consistent_instruction_casing, instruction->lines,
                        cat("Command '", word, "' should match the case of the command majority (",
                            lower ? "lowercase" : "uppercase", ")")});
  }
  return warnings;
}

std::vector<Warning> stage_names(const File& file) {
  constexpr std::array<std::string_view, 2> reserved = {"context", "scratch"};
  std::vector<Warning> warnings;
  std::set<std::string> seen;
  for (const Instruction& from : file.instructions) {
    if (from.keyword != Keyword::from || from.args.size() != 3) continue;
    const std::string name = to_lower(from.args[2]);
    if (std::find(reserved.begin(), reserved.end(), name) != reserved.end()) {
      warnings.push_back(
          {CheckRule::reserved_stage_name, from.lines,
           cat("Stage name should not use the same name as reserved stage ", quoted(name))});
    }
    if (!seen.insert(name).second) {
      warnings.push_back(
          {CheckRule::duplicate_stage_name, from.lines,
           cat("Duplicate stage name ", quoted(name), ", stage names should be unique")});
    }
  }
  return warnings;
}

constexpr std::array file_checks = {instruction_casing, stage_names};

void add_reported(std::vector<Warning>& to, const std::vector<Warning>& found,
                  const CheckSettings& settings) {
  std::copy_if(found.begin(), found.end(), std::back_inserter(to),
               [&](const Warning& warning) { return settings.reports(warning.rule); });
}

std::vector<Warning> check_instruction_alone(const Instruction& instruction) {
  std::vector<Warning> warnings;
  for (const Row& row : rows) {
    if (row.keyword != instruction.keyword) continue;
    if (auto warning = row.check(instruction)) warnings.push_back(std::move(*warning));
  }
  return warnings;
}

}  // namespace

std::vector<Warning> check_syntax(const File& file, const CheckSettings& settings) {
  std::vector<Warning> warnings;
  add_reported(warnings, file.warnings, settings);
  const auto mistakes = check_structure(file);
  const int line_max =
      mistakes.empty() ? std::numeric_limits<int>::max() : mistakes.front().lines.first_line;
  for (const Instruction& instruction : file.instructions) {
    if (instruction.lines.first_line > line_max) break;
    add_reported(warnings, check_instruction_alone(instruction),
                 with_comments(settings, instruction.comments));
  }
  if (!mistakes.empty()) return warnings;
  for (const auto check : file_checks) add_reported(warnings, check(file), settings);
  return warnings;
}

}  // namespace strata::dockerfile
