// Hints go by the looks of a file: each is silent where it would have to guess.
#include "plan/hints.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "plan/remote.hpp"
#include "plan/shell_text.hpp"
#include "strata/base/path.hpp"
#include "strata/dockerfile/flags.hpp"
#include "strata/dockerfile/heredoc.hpp"
#include "strata/oci/reference.hpp"

namespace strata::plan {

namespace {

using dockerfile::CheckRule;
using dockerfile::Instruction;
using dockerfile::Keyword;
using dockerfile::Warning;
using Words = std::vector<std::string>;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

/// The words from the program's name on: `sudo` and assignments before it are passed over.
Words without_prefix(const Words& command) {
  const auto is_prefix = [](const std::string& word) {
    return is_one_of(word, {"sudo", "{", "(", "then", "do", "else", "if", "!"}) ||
           word.find('=') != std::string::npos;
  };
  return {std::find_if_not(command.begin(), command.end(), is_prefix), command.end()};
}

bool is_option(const std::string& word) { return word.size() > 1 && word.front() == '-'; }

// UnpinnedBaseImage

bool is_unpinned(const std::string& name) {
  try {
    const auto reference = oci::parse_reference(name);
    return !reference.digest && reference.tag == "latest";
  } catch (const Error&) {
    return false;  // the planner tells
  }
}

// HeredocWithoutErrexit

/// Options as a shell and its `set` take them: `-e`, `-eux`, `-o errexit`.
bool asks_for_errexit(const Words& words) {
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    const bool letters = is_option(word) && !word.starts_with("--");
    return word == "errexit" || (letters && word.find('e') != std::string::npos);
  });
}

bool sets_errexit(const Words& command) {
  return !command.empty() && command.front() == "set" && asks_for_errexit(command);
}

std::optional<Warning> heredoc_without_errexit(const Instruction& run, const CheckedStage& stage) {
  if (run.heredocs.empty() || asks_for_errexit(stage.shell)) return std::nullopt;
  const std::string script = shell_text(run);
  const auto commands = shell_commands(script);
  if (statement_count(script) < 2 || std::any_of(commands.begin(), commands.end(), sets_errexit)) {
    return std::nullopt;
  }
  return Warning{CheckRule::heredoc_without_errexit, run.lines,
                 "A heredoc of several commands goes on after one that fails"};
}

// OwnershipDoublesLayer

bool is_recursive(const Words& command) {
  return std::any_of(command.begin(), command.end(), [](const std::string& word) {
    return word == "--recursive" ||
           (is_option(word) && !word.starts_with("--") && word.find('R') != std::string::npos);
  });
}

/// Whether a change at `path` reaches what was copied to `destination`. Both are root paths.
bool reaches(const std::string& path, const std::string& destination, bool recursive) {
  return is_within(path, destination) || (recursive && is_within(destination, path));
}

/// The operands behind the options and the owner or mode.
Words changed_paths(const Words& command) {
  Words operands;
  std::copy_if(command.begin() + 1, command.end(), std::back_inserter(operands),
               [](const std::string& word) { return !is_option(word); });
  if (!operands.empty()) operands.erase(operands.begin());
  return operands;
}

bool changes_copied(const Words& command, const CheckedStage& stage) {
  if (command.empty() || !is_one_of(command.front(), {"chown", "chmod", "chgrp"})) return false;
  const bool recursive = is_recursive(command);
  for (const auto& operand : changed_paths(command)) {
    if (operand.find_first_of("$`*?[") != std::string::npos) continue;
    const std::string path = root_path(absolute_path(stage.working_dir, operand));
    const bool hit =
        std::any_of(stage.copied.begin(), stage.copied.end(),
                    [&](const std::string& copied) { return reaches(path, copied, recursive); });
    if (hit) return true;
  }
  return false;
}

std::optional<Warning> ownership_doubles_layer(const Instruction& run, const CheckedStage& stage) {
  for (const auto& command : shell_commands(shell_text(run))) {
    const Words words = without_prefix(command);
    if (!changes_copied(words, stage)) continue;
    return Warning{CheckRule::ownership_doubles_layer, run.lines,
                   cat(words.front(), " of copied files puts them into a second layer")};
  }
  return std::nullopt;
}

// UpdateWithoutInstall

/// The first word behind apt or apt-get that is no option; empty for other programs.
std::string apt_action(const Words& command) {
  const Words words = without_prefix(command);
  if (words.empty() || !is_one_of(words.front(), {"apt", "apt-get", "aptitude"})) return {};
  const auto action = std::find_if_not(words.begin() + 1, words.end(), is_option);
  return action == words.end() ? std::string() : *action;
}

std::optional<Warning> update_without_install(const Instruction& run, const CheckedStage&) {
  Words actions;
  for (const auto& command : shell_commands(shell_text(run))) {
    if (auto action = apt_action(command); !action.empty()) actions.push_back(std::move(action));
  }
  const bool updates_alone =
      !actions.empty() && std::all_of(actions.begin(), actions.end(),
                                      [](const auto& action) { return action == "update"; });
  if (!updates_alone) return std::nullopt;
  return Warning{CheckRule::update_without_install, run.lines,
                 "Package lists are updated in a step that installs nothing"};
}

// AddWhereCopyDoes

bool looks_like_archive(std::string_view path) {
  const auto name = base_name(path);
  return std::any_of(name.begin(), name.end(), [](char c) { return c == '*' || c == '?'; }) ||
         name.find(".tar") != std::string_view::npos || name.ends_with("gz") ||
         name.ends_with("bz2") || name.ends_with("xz") || name.ends_with("zst");
}

std::optional<Warning> add_where_copy_does(const Instruction& add, const CheckedStage& stage) {
  for (const auto* flag : {"checksum", "keep-git-dir", "unpack"}) {
    if (dockerfile::has_flag(add, flag)) return std::nullopt;
  }
  for (std::size_t i = 0; i + 1 < add.args.size(); ++i) {
    if (dockerfile::find_heredoc_word(add.args[i])) continue;
    const auto source = stage.expanded(add.args[i]);
    if (!source || looks_remote(*source) || looks_like_archive(*source)) return std::nullopt;
  }
  return Warning{CheckRule::add_where_copy_does, add.lines, "ADD of files that COPY would copy"};
}

struct Row {
  Keyword keyword;
  std::optional<Warning> (*hint)(const Instruction& instruction, const CheckedStage& stage);
};

constexpr std::array table = {
    Row{Keyword::add, add_where_copy_does},
    Row{Keyword::run, heredoc_without_errexit},
    Row{Keyword::run, ownership_doubles_layer},
    Row{Keyword::run, update_without_install},
};

}  // namespace

std::vector<Warning> hints_of_base(const Outline& outline) {
  const bool is_image = std::holds_alternative<BaseImage>(outline.base);
  if (!is_image || !is_unpinned(outline.base_name)) return {};
  return {{CheckRule::unpinned_base_image, outline.source->from->lines,
           cat("Base image ", quoted(outline.base_name), " has neither a version nor a digest")}};
}

std::vector<Warning> hints_in_stage(const Instruction& instruction, const CheckedStage& stage) {
  std::vector<Warning> hints;
  for (const Row& row : table) {
    if (row.keyword != instruction.keyword) continue;
    if (auto hint = row.hint(instruction, stage)) hints.push_back(std::move(*hint));
  }
  return hints;
}

}  // namespace strata::plan
