/// COPY and ADD (reference dockerfile.md §1.6).

#include "plan/heredoc_name.hpp"
#include "plan/history.hpp"
#include "plan/instructions.hpp"
#include "plan/remote.hpp"
#include "strata/base/mode_change.hpp"
#include "strata/base/path.hpp"
#include "strata/base/url.hpp"
#include "strata/context/path_patterns.hpp"
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

void check_mode(const std::string& mode) {
  if (ModeChange::parse(mode)) return;
  refuse(cat("--chmod=", mode, " is no mode"),
         "write octal digits from 0 to 7777, or clauses as in u=rwX,go=rX");
}

/// Names are known only when the step runs; what can never be one is known now.
void check_owner(const std::string& owner) {
  constexpr std::uint64_t id_max = 0x7FFFFFFF;
  const auto parts = split(owner, ':');
  const auto is_digits = [](const std::string& part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string::npos;
  };
  for (const std::string& part : parts) {
    if (is_digits(part) && parse_decimal(part).value_or(id_max + 1) > id_max)
      refuse(cat("--chown=", owner, ": ", part, " is no id"), "ids are 0 to 2147483647");
  }
  if (parts.size() > 2)
    refuse(cat("--chown=", owner, " names more than an owner"), "write USER or USER:GROUP");
}

std::vector<std::string> excluded_patterns(const Instruction& instruction) {
  auto patterns = dockerfile::flag_values(instruction, "exclude");
  try {
    context::PathPatterns{patterns};
  } catch (const Error& error) {
    refuse(cat("--exclude: ", error.message()));
  }
  return patterns;
}

/// Only a scheme is proof enough here: a directory of the context may be called "x.git".
void refuse_remote(const std::string& source) {
  if (source.find("://") == std::string::npos || !find_remote(source)) return;
  refuse(cat("COPY ", mask_credentials(source), ": COPY takes local files only"),
         "ADD takes files from elsewhere");
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

void add_source(CopyFiles& copy, std::string source, Keyword keyword) {
  if (keyword == Keyword::copy) refuse_remote(source);
  auto origin = keyword == Keyword::add ? find_remote(source) : std::nullopt;
  if (origin) {
    copy.elsewhere.emplace(copy.sources.size(), std::move(*origin));
    source = mask_credentials(source);
  }
  copy.sources.push_back(std::move(source));
}

void set_sources(CopyFiles& copy, const Instruction& instruction, Expander& expander) {
  auto heredoc = instruction.heredocs.begin();
  for (std::size_t i = 0; i + 1 < instruction.args.size(); ++i) {
    const auto& word = instruction.args[i];
    if (heredoc != instruction.heredocs.end() && names_heredoc(instruction, word)) {
      copy.inline_files.push_back(make_inline_file(*heredoc++, expander));
      continue;
    }
    add_source(copy, expander.word(word), *instruction.keyword);
  }
}

/// "x/", ".", "x/." and "x/.." can only be directories; nothing at all means the WORKDIR.
bool says_directory(std::string_view path) {
  const auto last = base_name(path);
  return last.empty() || last == "." || last == "..";
}

void set_origin(CopyFiles& copy, StagePlanner& stage, const Instruction& instruction) {
  const auto from = copy_origin_name(instruction);
  if (from) copy.origin = stage.find_origin(*from);
}

void set_owner(CopyFiles& copy, const Instruction& instruction, Expander& expander) {
  copy.owner = expanded_flag(instruction, "chown", expander);
  if (copy.owner) check_owner(*copy.owner);
}

void set_mode(CopyFiles& copy, const Instruction& instruction, Expander& expander) {
  copy.mode = expanded_flag(instruction, "chmod", expander);
  if (copy.mode) check_mode(*copy.mode);
}

/// Returns it as written, expanded.
std::string set_destination(CopyFiles& copy, const StagePlanner& stage,
                            const Instruction& instruction, Expander& expander) {
  if (names_heredoc(instruction, instruction.args.back())) {
    refuse(cat(instruction.args.back(), ": a heredoc cannot be the destination"));
  }
  std::string destination = expander.word(instruction.args.back());
  copy.destination = stage.absolute(destination);
  copy.destination_is_directory = says_directory(destination);
  return destination;
}

// --link is accepted and needs nothing: a COPY of Strata never depends on its whole parent, only on
// what the parent has at the destination.
void plan_copy_or_add(StagePlanner& stage, const Instruction& instruction, CopyFiles copy) {
  if (instruction.args.size() < 2) {
    refuse(cat(instruction.keyword_text, " needs a source and a destination"));
  }
  auto expander = stage.expander();
  std::string destination;
  // Each on its own, so that what is wrong with one hides nothing that is wrong with another.
  const std::array<std::function<void()>, 5> parts = {
      [&] { set_origin(copy, stage, instruction); },
      [&] { set_owner(copy, instruction, expander); },
      [&] { set_mode(copy, instruction, expander); },
      [&] { copy.exclude = excluded_patterns(instruction); },
      [&] {
        set_sources(copy, instruction, expander);
        set_remote_flags(copy, instruction, expander);
        destination = set_destination(copy, stage, instruction, expander);
        check_remote_names(copy);
      }};
  bool sound = true;
  for (const auto& part : parts) sound = stage.attempt(part) && sound;
  if (!sound) return;
  copy.keep_parents = dockerfile::find_boolean_flag(instruction, "parents").value_or(false);
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
  const auto unpack = dockerfile::find_boolean_flag(instruction, "unpack");
  copy.archives = !unpack   ? CopyFiles::Archives::unpack_local
                  : *unpack ? CopyFiles::Archives::unpack
                            : CopyFiles::Archives::keep;
  plan_copy_or_add(stage, instruction, std::move(copy));
}

}  // namespace strata::plan
