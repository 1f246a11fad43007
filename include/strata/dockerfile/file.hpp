#pragma once
/// A Dockerfile as a value: what the text says, nothing expanded, every piece with its lines.
///
/// Words keep their quotes, escapes and variables as written, because what they mean depends on the
/// instruction and on where it stands. Flags alone have lost their quotes. Lines count from 1.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "strata/dockerfile/check_rule.hpp"

namespace strata::dockerfile {

/// Both ends belong to the range.
struct SourceRange {
  int first_line = 0;
  int last_line = 0;
  bool operator==(const SourceRange&) const = default;
};

enum class Keyword {
  add,
  arg,
  cmd,
  copy,
  entrypoint,
  env,
  expose,
  from,
  healthcheck,
  label,
  maintainer,
  onbuild,
  run,
  shell,
  stopsignal,
  user,
  volume,
  workdir,
};

/// Upper case, as in "RUN".
std::string_view keyword_name(Keyword keyword);
/// Any case is accepted.
std::optional<Keyword> find_keyword(std::string_view text);
/// All names in alphabetical order, upper case.
const std::vector<std::string>& keyword_names();

/// How the arguments were written.
enum class Form {
  shell,    ///< one text for a shell: `args` has one element (HEALTHCHECK: "CMD" before it)
  json,     ///< an array of strings (HEALTHCHECK: "CMD" before its elements)
  words,    ///< words between white space; ARG also has `pairs`
  pairs,    ///< ENV and LABEL: only `pairs`
  string,   ///< the rest of the line as one text
  onbuild,  ///< another instruction: `sub`
  none,     ///< no arguments at all, or HEALTHCHECK NONE
  unknown,  ///< not an instruction of the language
};

std::string_view form_name(Form form);

/// A document within the file: `<<EOF`, with the lines up to its terminator.
struct Heredoc {
  std::string name;     ///< the terminator, without quotes
  int fd = 0;           ///< the digits before `<<`, 0 if there are none
  bool expand = true;   ///< false if the terminator was quoted
  bool chomp = false;   ///< `<<-`: leading tabs do not count
  std::string content;  ///< as in the file, tabs and carriage returns included
  bool operator==(const Heredoc&) const = default;
};

/// `--name` or `--name=value`, quotes removed, nothing expanded.
struct Flag {
  std::string name;
  std::optional<std::string> value;
  bool operator==(const Flag&) const = default;
};

/// As it stood in the file: "--name=value".
std::string flag_text(const Flag& flag);

/// One `key=value` of ENV, LABEL or ARG. Both sides keep their quotes.
struct Pair {
  std::string key;
  std::optional<std::string> value;  ///< nothing only for an ARG without default
  bool legacy = false;               ///< `ENV key rest of line`
  bool operator==(const Pair&) const = default;
};

struct Instruction {
  std::optional<Keyword> keyword;  ///< nothing: unknown
  std::string keyword_text;        ///< as written
  SourceRange lines;               ///< bodies of heredocs included
  std::string original;            ///< the logical line: continuations joined, comments gone
  std::vector<Flag> flags;
  Form form = Form::none;
  std::vector<std::string> args;
  std::vector<Pair> pairs;
  std::vector<Heredoc> heredocs;           ///< in order of appearance; for ONBUILD, those of `sub`
  std::shared_ptr<const Instruction> sub;  ///< what ONBUILD triggers
  std::vector<std::string> comments;       ///< the lines above, without their first character
  bool operator==(const Instruction& other) const;
};

/// `# name=value` at the very top of the file.
struct Directive {
  std::string name;  ///< lower case: syntax, escape or check
  std::string value;
  int line = 0;
  bool operator==(const Directive&) const = default;
};

/// Something that may stand but had better be written otherwise.
struct Warning {
  CheckRule rule = CheckRule::no_empty_continuation;
  SourceRange lines;
  std::string message;
  bool operator==(const Warning&) const = default;
};

struct File {
  std::string name;  ///< as messages call it
  std::string text;  ///< for excerpts
  char escape = '\\';
  std::vector<Directive> directives;
  std::vector<Instruction> instructions;
  std::vector<Warning> warnings;  ///< of lexing; the checks find more
};

/// The value of a directive, if the file has it. `name` is lower case.
std::optional<std::string> find_directive(const File& file, std::string_view name);

}  // namespace strata::dockerfile
