#include "strata/dockerfile/heredoc.hpp"

#include <doctest/doctest.h>

namespace strata::dockerfile {

TEST_CASE("heredoc words have digits and a dash and a name") {
  const auto check = [](const char* word, int fd, bool chomp, bool expand) {
    CAPTURE(std::string(word));
    const auto heredoc = find_heredoc_word(word);
    REQUIRE(heredoc);
    CHECK(heredoc->name == "EOF");
    CHECK(heredoc->fd == fd);
    CHECK(heredoc->chomp == chomp);
    CHECK(heredoc->expand == expand);
  };
  check("<<EOF", 0, false, true);
  check("<<-EOF", 0, true, true);
  check("<< EOF", 0, false, true);
  check("<<- EOF", 0, true, true);
  check("3<<EOF", 3, false, true);
  check("12<<-'EOF'", 12, true, false);
  check("<<'EOF'", 0, false, false);
  check("<<\"EOF\"", 0, false, false);
  check("<<E'O'F", 0, false, false);
  check("<<E\\OF", 0, false, true);
  check("99999999999999999999<<EOF", 2147483647, false, true);
}

TEST_CASE("other words announce nothing") {
  for (const char* word : {"", "EOF", "<EOF", "<<", "<<-", "<<<EOF", "<<a<b", "x<<EOF", "<<''",
                           "<<EOF sh", "<<'EOF", "<<${x"}) {
    CAPTURE(std::string(word));
    CHECK(!find_heredoc_word(word));
  }
}

TEST_CASE("a line announces its heredocs in order") {
  const auto names = [](const char* line) {
    std::vector<std::string> found;
    for (const Heredoc& heredoc : find_heredocs(line)) found.push_back(heredoc.name);
    return found;
  };
  using Names = std::vector<std::string>;
  CHECK(names("RUN <<A <<B") == Names{"A", "B"});
  CHECK(names("RUN cat << A > /x") == Names{"A"});
  CHECK(names("RUN << -A") == Names{"-A"});
  CHECK(names("RUN '<<A' \"<<B\" \\<<C").empty());
  CHECK(names("RUN it's <<A").empty());
  CHECK(names("RUN cat <<< word").empty());
  CHECK(names("RUN echo $((1<<2))").empty());
  CHECK(names("COPY <<\"a b\" /x") == Names{"a b"});
  CHECK(names("RUN <<$NAME") == Names{"$NAME"});
}

TEST_CASE("a chomped document loses the tabs at the beginning of its lines") {
  Heredoc heredoc;
  heredoc.content = "\t\tone\n two\n\n\tthree\tfour\n";
  CHECK(document_text(heredoc) == heredoc.content);
  heredoc.chomp = true;
  CHECK(document_text(heredoc) == "one\n two\n\nthree\tfour\n");
}

TEST_CASE("a line and its documents make a script again") {
  Heredoc a;
  a.name = "A";
  a.content = "one\n";
  Heredoc b;
  b.name = "B";
  CHECK(with_documents("cat <<A <<B", {a, b}) == "cat <<A <<B\none\nA\nB");
}

}  // namespace strata::dockerfile
