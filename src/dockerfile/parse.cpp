// The parser reads physical lines and knows four kinds of them: directives, comments, blanks, and
// the beginning of an instruction, which takes the lines that continue it and the bodies of the
// heredocs it announces.
#include "strata/dockerfile/parse.hpp"

#include <utility>

#include "dockerfile/arguments.hpp"
#include "dockerfile/continuation.hpp"
#include "dockerfile/directive_zone.hpp"
#include "dockerfile/line_reader.hpp"
#include "dockerfile/unicode.hpp"
#include "strata/base/text.hpp"
#include "strata/dockerfile/excerpt.hpp"
#include "strata/dockerfile/heredoc.hpp"

namespace strata::dockerfile {
namespace {

/// Fills in a File whose name, text and escape character are set.
class Parser {
 public:
  explicit Parser(File& file) : file_(file), reader_(file.text) {}

  void read_all();

 private:
  void read_line(std::string_view written);
  void read_comment(std::string_view line);
  void read_command(std::string_view first_line);
  std::string join_lines(std::string_view first_line);
  void read_documents(Instruction& instruction);
  void read_document(Heredoc& heredoc);

  File& file_;
  LineReader reader_;
  DirectiveZone zone_;
  std::vector<std::string> comments_;
};

void Parser::read_all() {
  try {
    while (const auto line = reader_.next()) read_line(without_line_end(*line));
  } catch (const SourceError&) {
    throw;
  } catch (const Error& error) {
    // What does not know its place stands on the line that was read last.
    fail_at(file_, {reader_.number(), reader_.number()}, error.message());
  }
}

void Parser::read_line(std::string_view written) {
  const std::string_view line = trim_left(written);
  if (auto directive = zone_.read(line, reader_.number())) {
    if (directive->name == "escape") file_.escape = directive->value[0];
    file_.directives.push_back(std::move(*directive));
  } else if (line.starts_with('#')) {
    read_comment(written);
  } else if (!line.empty()) {
    read_command(line);
  }
}

void Parser::read_comment(std::string_view line) {
  // The first character goes, blank or not: an indented comment keeps its mark, and so is never
  // taken for the description of a stage or for a check directive.
  const std::string_view text = trim_space(line.substr(rune_at(line, 0).size));
  if (text.empty()) {
    comments_.clear();  // a bare # parts what is above from what is below
  } else {
    comments_.emplace_back(text);
  }
}

/// A triggered instruction has the place and the documents of the one that stores it.
std::shared_ptr<const Instruction> placed(Instruction sub, const Instruction& outer) {
  sub.lines = outer.lines;
  sub.heredocs = outer.heredocs;
  if (sub.sub) sub.sub = placed(*sub.sub, outer);
  return std::make_shared<const Instruction>(std::move(sub));
}

void Parser::read_command(std::string_view first_line) {
  const int first = reader_.number();
  const std::string line = join_lines(first_line);
  const SourceRange lines{first, reader_.number()};
  if (file_.instructions.size() >= instruction_count_max) {
    fail_at(file_, lines, cat("more than ", instruction_count_max, " instructions"));
  }
  at_lines(file_, lines, [&] {
    Instruction instruction = read_instruction(line, file_.escape);
    instruction.comments = std::exchange(comments_, {});
    read_documents(instruction);
    instruction.lines = {first, reader_.number()};
    if (instruction.sub) instruction.sub = placed(*instruction.sub, instruction);
    file_.instructions.push_back(std::move(instruction));
  });
}

std::string Parser::join_lines(std::string_view first_line) {
  LogicalLine joined = join_continuations(first_line, reader_, file_.escape);
  if (joined.has_blank_line) {
    const SourceRange last{reader_.number(), reader_.number()};
    file_.warnings.push_back({CheckRule::no_empty_continuation, last, "Empty continuation line"});
  }
  return std::move(joined.text);
}

/// Whether `<<` begins a document in these arguments.
bool takes_documents(const Instruction& instruction) {
  const auto keyword = instruction.keyword;
  return instruction.form != Form::json &&
         (keyword == Keyword::run || keyword == Keyword::copy || keyword == Keyword::add);
}

void Parser::read_documents(Instruction& instruction) {
  const Instruction& announcer = instruction.sub ? *instruction.sub : instruction;
  if (!takes_documents(announcer)) return;
  instruction.heredocs = find_heredocs(instruction.original);
  for (Heredoc& heredoc : instruction.heredocs) read_document(heredoc);
}

void Parser::read_document(Heredoc& heredoc) {
  while (const auto line = reader_.next()) {
    std::string_view terminator = without_line_end(*line);
    while (heredoc.chomp && terminator.starts_with('\t')) terminator.remove_prefix(1);
    if (terminator == heredoc.name) return;
    heredoc.content += *line;
  }
  fail(ErrorKind::dockerfile, "unterminated heredoc: expected a line ", quoted(heredoc.name),
       " before the end of the file");
}

void parse_into(File& file) {
  if (file.text.size() > file_size_max) {
    const std::string size = std::to_string(file.text.size());
    file.text.clear();  // not for excerpts either
    fail_at(file, {1, 1},
            cat("a file of ", size, " bytes; at most ", file_size_max, " are allowed"));
  }
  Parser(file).read_all();
  if (file.instructions.empty()) fail_at(file, {1, 1}, "file with no instructions");
}

}  // namespace

File parse(std::string_view text, std::string name) {
  File file;
  file.name = std::move(name);
  file.text = text;
  parse_into(file);
  return file;
}

Instruction parse_instruction(std::string_view text, char escape) {
  File file;
  file.name = "ONBUILD";
  file.text = text;
  file.escape = escape;
  parse_into(file);
  if (file.instructions.size() != 1) {
    fail_at(file, file.instructions[1].lines, "an ONBUILD trigger is a single instruction");
  }
  return std::move(file.instructions[0]);
}

}  // namespace strata::dockerfile
