#include "plan/shell_text.hpp"

#include <doctest/doctest.h>

#include "strata/dockerfile/parse.hpp"

namespace strata::plan {

namespace {

using Commands = std::vector<std::vector<std::string>>;

std::string text_of(const std::string& run) {
  return shell_text(dockerfile::parse("FROM a\n" + run, "Dockerfile").instructions.back());
}

}  // namespace

TEST_CASE("commands are parted outside of quotes") {
  CHECK(shell_commands("a b && c 'd; e' | f \"g && h\"\ni") ==
        Commands{{"a", "b"}, {"c", "d; e"}, {"f", "g && h"}, {"i"}});
  CHECK(shell_commands("a \\\n  b\\ c # d\n# e\n''") == Commands{{"a", "b c"}, {""}});
  CHECK(shell_commands("a 'b\\' c#d \"\\\"\"") == Commands{{"a", "b\\", "c#d", "\""}});
  CHECK(shell_commands("") == Commands{});
  CHECK(shell_commands("a 'open") == Commands{{"a", "open"}});
  CHECK(shell_commands("a\\") == Commands{{"a"}});
}

TEST_CASE("a statement goes on over lines that cannot end it") {
  CHECK(statement_count("a\nb") == 2);
  CHECK(statement_count("# a\n\n  b\n") == 1);
  CHECK(statement_count("a &&\n b |\n c \\\n d") == 1);
  CHECK(statement_count("") == 0);
}

TEST_CASE("a shell reads shell forms and lone heredocs") {
  CHECK(text_of("RUN a && b\n") == "a && b");
  CHECK(text_of("RUN [\"a\"]\n").empty());
  CHECK(text_of("RUN <<EOF\na\nEOF\n") == "a\n");
  CHECK(text_of("RUN python3 <<EOF\na\nEOF\n").empty());
  CHECK(text_of("RUN <<EOF\n#!/usr/bin/env python3\nEOF\n").empty());
  CHECK(text_of("RUN <<EOF\n#!/usr/bin/env bash\na\nEOF\n") == "#!/usr/bin/env bash\na\n");
}

}  // namespace strata::plan
