#include "dockerfile/arguments.hpp"

#include <algorithm>
#include <array>

#include "dockerfile/command_line.hpp"
#include "dockerfile/string_array.hpp"
#include "dockerfile/unicode.hpp"
#include "strata/base/error.hpp"
#include "strata/dockerfile/words.hpp"

namespace strata::dockerfile {
namespace {

/// What a form is read from.
struct Source {
  Keyword keyword;
  std::string_view rest;  ///< not empty
  char escape;
  int depth;
};

using ReadForm = void (*)(const Source& source, Instruction& into);

void read_string(const Source& source, Instruction& into) {
  into.form = Form::string;
  into.args = {std::string(source.rest)};
}

void read_blank_separated(const Source& source, Instruction& into) {
  into.form = Form::words;
  for (const std::string_view word : split_at_space(source.rest)) into.args.emplace_back(word);
}

bool read_json(std::string_view text, Instruction& into) {
  auto strings = find_string_array(text);
  if (!strings) return false;
  into.form = Form::json;
  into.args = std::move(*strings);
  return true;
}

void read_json_or_shell(const Source& source, Instruction& into) {
  if (read_json(source.rest, into)) return;
  into.form = Form::shell;
  into.args = {std::string(source.rest)};
}

void read_json_or_words(const Source& source, Instruction& into) {
  if (!read_json(source.rest, into)) read_blank_separated(source, into);
}

Pair split_pair(std::string_view word) {
  const std::size_t equals = word.find('=');
  Pair pair{std::string(word.substr(0, equals)), std::nullopt, false};
  if (equals != std::string_view::npos) pair.value = std::string(word.substr(equals + 1));
  return pair;
}

void read_legacy_pair(const Source& source, Instruction& into) {
  const HeadAndRest parts = split_head(source.rest);
  if (!parts.has_space) {
    fail(ErrorKind::dockerfile, keyword_name(source.keyword),
         " must have two arguments, or be of the form key=value; found only ", quoted(parts.head));
  }
  into.pairs = {Pair{std::string(parts.head), std::string(parts.rest), true}};
}

void read_pairs(const Source& source, Instruction& into) {
  const std::vector<std::string> words = split_words(source.rest, source.escape);
  if (words.empty()) return;
  into.form = Form::pairs;
  if (words[0].find('=') == std::string::npos) return read_legacy_pair(source, into);
  for (const std::string& word : words) {
    into.pairs.push_back(split_pair(word));
    if (into.pairs.back().value) continue;
    fail(ErrorKind::dockerfile, "can't find = in ", quoted(word), ": ",
         keyword_name(source.keyword), " must be of the form key=value");
  }
}

void read_declarations(const Source& source, Instruction& into) {
  into.args = split_words(source.rest, source.escape);
  if (into.args.empty()) return;
  into.form = Form::words;
  for (const std::string& word : into.args) into.pairs.push_back(split_pair(word));
}

void read_health_check(const Source& source, Instruction& into) {
  const HeadAndRest parts = split_head(source.rest);
  if (!parts.rest.empty()) {
    read_json_or_shell({source.keyword, parts.rest, source.escape, source.depth}, into);
  }
  into.args.insert(into.args.begin(), std::string(parts.head));
}

void read_trigger(const Source& source, Instruction& into) {
  if (source.depth >= trigger_depth_max) {
    fail(ErrorKind::dockerfile, "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
  }
  into.form = Form::onbuild;
  into.sub = std::make_shared<const Instruction>(
      read_instruction(source.rest, source.escape, source.depth + 1));
}

struct Row {
  Keyword keyword;
  ReadForm read;
};

constexpr std::array<Row, 18> rows = {{
    {Keyword::add, read_json_or_words},
    {Keyword::arg, read_declarations},
    {Keyword::cmd, read_json_or_shell},
    {Keyword::copy, read_json_or_words},
    {Keyword::entrypoint, read_json_or_shell},
    {Keyword::env, read_pairs},
    {Keyword::expose, read_blank_separated},
    {Keyword::from, read_blank_separated},
    {Keyword::healthcheck, read_health_check},
    {Keyword::label, read_pairs},
    {Keyword::maintainer, read_string},
    {Keyword::onbuild, read_trigger},
    {Keyword::run, read_json_or_shell},
    {Keyword::shell, read_json_or_shell},
    {Keyword::stopsignal, read_string},
    {Keyword::user, read_string},
    {Keyword::volume, read_json_or_words},
    {Keyword::workdir, read_string},
}};

ReadForm form_of(Keyword keyword) {
  return std::find_if(rows.begin(), rows.end(),
                      [&](const Row& row) { return row.keyword == keyword; })
      ->read;
}

}  // namespace

Instruction read_instruction(std::string_view line, char escape, int depth) {
  CommandLine command = split_command_line(line, escape);
  Instruction instruction;
  instruction.keyword = find_keyword(command.keyword);
  instruction.keyword_text = command.keyword;
  instruction.original = line;
  instruction.flags = std::move(command.flags);
  if (!instruction.keyword) {
    instruction.form = Form::unknown;
  } else if (!command.rest.empty()) {
    form_of (*instruction.keyword)({*instruction.keyword, command.rest, escape, depth},
                                   instruction);
  }
  return instruction;
}

}  // namespace strata::dockerfile
