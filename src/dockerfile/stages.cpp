#include "strata/dockerfile/stages.hpp"

#include <algorithm>
#include <utility>

#include "strata/base/text.hpp"
#include "strata/dockerfile/flags.hpp"
#include "strata/dockerfile/rules.hpp"

namespace strata::dockerfile {
namespace {

Stage make_stage(const Instruction& from, int index) {
  Stage stage;
  stage.index = index;
  stage.image = from.args[0];
  stage.from = &from;
  stage.platform = find_flag(from, "platform");
  if (from.args.size() == 3) {
    stage.written_name = from.args[2];
    stage.name = to_lower(stage.written_name);
  }
  return stage;
}

/// What is wrong with the name that a well-formed FROM gives.
std::optional<Finding> name_mistake(const Instruction& from) {
  if (from.args.size() != 3 || is_stage_name(to_lower(from.args[2]))) return std::nullopt;
  return Finding{from.lines,
                 cat("invalid name for build stage: ", quoted(from.args[2]),
                     ", name can't start with a number or contain symbols"),
                 "use a letter, then letters, digits, - _ ."};
}

/// Follows the file's structure, one instruction after the other.
class StructureCheck {
 public:
  void read(const Instruction& instruction) {
    if (instruction.keyword == Keyword::from) {
      read_from(instruction);
    } else if (instruction.keyword != Keyword::arg && stage_count_ == 0) {
      read_before_from(instruction);
    }
    for (Finding& finding : check_instruction(instruction)) add(std::move(finding));
  }

  std::vector<Finding> finish(const File& file) {
    const bool only_args = findings_.empty() && stage_count_ == 0;
    if (only_args)
      add({file.instructions.back().lines, "dockerfile contains no stages to build",
           "begin a stage with FROM"});
    return std::move(findings_);
  }

 private:
  void read_before_from(const Instruction& instruction) {
    // Said once; and an unknown word is most likely the missing FROM itself, misspelt.
    if (std::exchange(missed_from_, true) || !instruction.keyword) return;
    add({instruction.lines,
         cat("no build stage in current context: ", keyword_name(*instruction.keyword),
             " before the first FROM"),
         "only ARG may stand there"});
  }

  void read_from(const Instruction& instruction) {
    ++stage_count_;
    if (stage_count_ == stage_count_max + 1) {
      add({instruction.lines, cat("more than ", stage_count_max, " stages"), {}});
    }
    if (auto mistake = name_mistake(instruction)) add(std::move(*mistake));
  }

  void add(Finding finding) { findings_.push_back(std::move(finding)); }

  std::size_t stage_count_ = 0;
  bool missed_from_ = false;
  std::vector<Finding> findings_;
};

}  // namespace

bool is_stage_name(std::string_view name) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto follows = [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  };
  return !name.empty() && letter(name[0]) && std::all_of(name.begin(), name.end(), follows);
}

const Stage* Stages::find(std::string_view name_or_index) const {
  return find_before(static_cast<int>(stages.size()), name_or_index);
}

const Stage* Stages::find_before(int index, std::string_view name_or_index) const {
  const std::string name = to_lower(name_or_index);
  for (int i = std::min(index, static_cast<int>(stages.size())) - 1; i >= 0 && !name.empty(); --i) {
    if (stages[static_cast<std::size_t>(i)].name == name) {
      return &stages[static_cast<std::size_t>(i)];
    }
  }
  const auto number = parse_decimal(name_or_index);
  if (!number || index < 0 || *number >= static_cast<std::uint64_t>(index)) return nullptr;
  return *number < stages.size() ? &stages[*number] : nullptr;
}

std::vector<Finding> check_structure(const File& file) {
  StructureCheck check;
  for (const Instruction& instruction : file.instructions) check.read(instruction);
  return check.finish(file);
}

Stages split_stages(const File& file) {
  if (auto findings = check_structure(file); !findings.empty()) {
    throw SourceError(file, std::move(findings));
  }
  Stages result;
  for (const Instruction& instruction : file.instructions) {
    if (instruction.keyword == Keyword::from) {
      result.stages.push_back(make_stage(instruction, static_cast<int>(result.stages.size())));
    } else if (result.stages.empty()) {
      result.global_args.push_back(&instruction);
    } else {
      result.stages.back().instructions.push_back(&instruction);
    }
  }
  return result;
}

}  // namespace strata::dockerfile
