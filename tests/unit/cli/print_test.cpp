#include "cli/print.hpp"

#include <doctest/doctest.h>

#include "cli/arguments.hpp"
#include "cli/progress.hpp"
#include "strata/base/error.hpp"

namespace strata::cli {

TEST_CASE("a table aligns its columns by characters") {
  Table table({"NAME", "SIZE"});
  table.add({"ä", "1B"});
  table.add({"longer", "22B"});
  CHECK(table.text() == "NAME     SIZE\nä        1B\nlonger   22B\n");
}

TEST_CASE("one line of text is cut with a sign and holds no control characters") {
  CHECK(one_line("abc", 3) == "abc");
  CHECK(one_line("abcd", 3) == "ab…");
  CHECK(one_line("a\nb\x1b[0m", 9) == "a b [0m");
  CHECK(one_line("äöü", 2) == "ä…");
}

TEST_CASE("lines are cut however the pieces fall") {
  LineCutter cutter;
  CHECK(cutter.take("a").empty());
  CHECK(cutter.take("b\nc\nd") == std::vector<std::string>{"ab", "c"});
  CHECK(cutter.rest() == std::vector<std::string>{"d"});
  CHECK(cutter.rest().empty());
}

TEST_CASE("options behind the first word belong to the command inside") {
  Syntax syntax{"strata run IMAGE COMMAND", ""};
  syntax.words_max = any_number;
  syntax.first_word_ends_options = true;
  add_switch(syntax, "rm", "");
  add_values(syntax, "env,e", "");
  const Arguments arguments(syntax, {"--rm", "-e", "A=b", "image", "ls", "-l", "--rm", "-"});
  CHECK(arguments.is_set("rm"));
  CHECK(arguments.texts("env") == Words{"A=b"});
  CHECK(arguments.words() == Words{"image", "ls", "-l", "--rm", "-"});
}

TEST_CASE("a wrong command line is a usage error that shows the usage") {
  Syntax syntax{"strata tag IMAGE NAME", ""};
  syntax.words_min = syntax.words_max = 2;
  for (const Words& words : {Words{"a"}, Words{"a", "b", "c"}, Words{"--unknown", "a", "b"}}) {
    try {
      Arguments(syntax, words);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::usage);
      CHECK(error.message().find("strata tag IMAGE NAME") != std::string::npos);
    }
  }
}

TEST_CASE("long options may not be abbreviated") {
  Syntax syntax{"strata build", ""};
  add_switch(syntax, "no-cache", "");
  CHECK_THROWS_AS(Arguments(syntax, {"--no-c"}), Error);
}

TEST_CASE("a dash alone is a word") {
  Syntax syntax{"strata build CONTEXT", ""};
  syntax.words_max = 1;
  CHECK(Arguments(syntax, {"-"}).words() == Words{"-"});
}

}  // namespace strata::cli
