/// COPY and ADD (reference dockerfile.md §1.6).

#include <algorithm>

#include "plan/heredoc_name.hpp"
#include "plan/history.hpp"
#include "plan/instructions.hpp"
#include "plan/remote.hpp"
#include "strata/base/path.hpp"
#include "strata/dockerfile/flags.hpp"
#include "strata/dockerfile/heredoc.hpp"

namespace strata::plan {

namespace {

using dockerfile::Expander;
using dockerfile::Instruction;
using dockerfile::Keyword;

/// The argument of a flag, expanded; nothing if it is absent or comes out empty.
std::optional<std::string> expanded_flag(const Instruction& instruction, std::string_view name,
                                         Expander& expander) {
  const auto text = dockerfile::find_flag(instruction, name);
  if (!text) return std::nullopt;
  std::string value = expander.word(*text);
  if (value.empty()) return std::nullopt;
  return value;
}

bool consists_of(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

void check_mode(const std::string& mode) {
  if (consists_of(mode, "01234567")) {
    const auto first = std::min(mode.find_first_not_of('0'), mode.size());
    if (mode.size() - first <= 4) return;
  } else if (consists_of(mode, "ugoa+-=rwxXst,")) {
    refuse_unsupported(cat("--chmod=", mode, " (only octal modes are)"));
  }
  refuse(cat("--chmod=", mode, " is no mode"), "write octal digits from 0 to 7777");
}

void check_source(const std::string& source, Keyword keyword) {
  const auto remote = find_remote_kind(source);
  if (!remote) return;
  if (keyword == Keyword::add) refuse_unsupported(cat("ADD ", source, " (", *remote, ")"));
  // Only a scheme is proof enough here: a directory of the context may be called "x.git".
  if (source.find("://") == std::string::npos) return;
  refuse(cat("COPY ", source, ": COPY takes local files only"), "ADD takes files from elsewhere");
}

InlineFile make_inline_file(const dockerfile::Heredoc& heredoc, Expander& expander) {
  check_heredoc_name(heredoc.name);
  std::string text = dockerfile::document_text(heredoc);
  if (heredoc.expand) text = expander.document(text);
  return {heredoc.name, std::move(text)};
}

bool names_heredoc(const Instruction& instruction, const std::string& word) {
  return instruction.form != dockerfile::Form::json && dockerfile::find_heredoc_word(word);
}

void set_sources(CopyFiles& copy, const Instruction& instruction, Expander& expander) {
  auto heredoc = instruction.heredocs.begin();
  for (std::size_t i = 0; i + 1 < instruction.args.size(); ++i) {
    const auto& word = instruction.args[i];
    if (heredoc != instruction.heredocs.end() && names_heredoc(instruction, word)) {
      copy.inline_files.push_back(make_inline_file(*heredoc++, expander));
      continue;
    }
    copy.sources.push_back(expander.word(word));
    check_source(copy.sources.back(), *instruction.keyword);
  }
}

/// "x/", ".", "x/." and "x/.." can only be directories; nothing at all means the WORKDIR.
bool says_directory(std::string_view path) {
  const auto last = base_name(path);
  return last.empty() || last == "." || last == "..";
}

void set_origin(CopyFiles& copy, StagePlanner& stage, const Instruction& instruction) {
  const auto from = dockerfile::find_flag(instruction, "from");
  if (!from) return;
  if (from->find('$') != std::string::npos) {
    refuse(cat("--from=", *from, ": variables are not expanded here"),
           "name a stage that begins FROM the variable");
  }
  copy.origin = stage.find_origin(*from);
}

// --link is accepted and needs nothing: a COPY of Strata never depends on its whole parent, only on
// what the parent has at the destination.
void plan_copy_or_add(StagePlanner& stage, const Instruction& instruction, CopyFiles copy) {
  if (instruction.args.size() < 2) {
    refuse(cat(instruction.keyword_text, " needs a source and a destination"));
  }
  auto expander = stage.expander();
  set_origin(copy, stage, instruction);
  copy.owner = expanded_flag(instruction, "chown", expander);
  copy.mode = expanded_flag(instruction, "chmod", expander);
  if (copy.mode) check_mode(*copy.mode);
  set_sources(copy, instruction, expander);

  if (names_heredoc(instruction, instruction.args.back())) {
    refuse(cat(instruction.args.back(), ": a heredoc cannot be the destination"));
  }
  const std::string destination = expander.word(instruction.args.back());
  copy.destination = stage.absolute(destination);
  copy.destination_is_directory = says_directory(destination);
  const auto keyword = dockerfile::keyword_name(*instruction.keyword);
  std::string created_by = copy_history(keyword, copy, destination);
  stage.add_step(std::move(copy), std::move(created_by));
}

}  // namespace

void plan_copy(StagePlanner& stage, const Instruction& instruction) {
  plan_copy_or_add(stage, instruction, {});
}

void plan_add(StagePlanner& stage, const Instruction& instruction) {
  CopyFiles copy;
  const bool unpack = dockerfile::find_boolean_flag(instruction, "unpack").value_or(true);
  copy.archives = unpack ? CopyFiles::Archives::unpack : CopyFiles::Archives::keep;
  plan_copy_or_add(stage, instruction, std::move(copy));
}

}  // namespace strata::plan
