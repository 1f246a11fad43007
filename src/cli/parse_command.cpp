// `strata parse`: what a Dockerfile says, before anything is made of it.

#include <unistd.h>

#include "command.hpp"
#include "print.hpp"
#include "strata/base/error.hpp"
#include "strata/base/fd.hpp"
#include "strata/base/file.hpp"
#include "strata/base/text.hpp"
#include "strata/dockerfile/finding.hpp"
#include "strata/dockerfile/parse.hpp"
#include "strata/dockerfile/print.hpp"

namespace strata::cli {

namespace {

std::string read_file_or_input(const std::string& path) {
  if (path == "-") return read_all(STDIN_FILENO, dockerfile::file_size_max, "standard input");
  return read_host_file(path, dockerfile::file_size_max);
}

int print_json(const std::string& text, const std::string& name) {
  try {
    print_line(dockerfile::to_json(dockerfile::parse(text, name)));
    return 0;
  } catch (const dockerfile::SourceError& error) {
    print_line(dockerfile::to_json(error));
    return exit_code(error.kind());
  }
}

}  // namespace

Syntax parse_syntax() {
  Syntax syntax{"strata parse [--format json|text] FILE",
                "Shows what a Dockerfile says; - is standard input."};
  syntax.words_min = syntax.words_max = 1;
  add_value(syntax, "format", "json or text");
  return syntax;
}

int run_parse(Session&, const Arguments& arguments) {
  const std::string& path = arguments.words().front();
  const std::string format = arguments.text("format", "json");
  if (format != "json" && format != "text")
    fail(ErrorKind::usage, "--format: expected json or text, found ", quoted(format));
  const std::string text = read_file_or_input(path);
  if (format == "json") return print_json(text, path);
  print(dockerfile::to_text(dockerfile::parse(text, path)));
  return 0;
}

}  // namespace strata::cli
