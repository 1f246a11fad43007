// "Did you mean".

#include <doctest/doctest.h>

#include "strata/base/text.hpp"

using namespace strata;

namespace {
const std::vector<std::string> instructions = {"FROM", "RUN",    "COPY",       "ADD",  "ENV",
                                               "ARG",  "EXPOSE", "ENTRYPOINT", "USER", "WORKDIR"};
}

TEST_CASE("a slip of the fingers finds the word that was meant") {
  CHECK(nearest_word("FORM", instructions) == "FROM");  // swapped
  CHECK(nearest_word("RUNN", instructions) == "RUN");   // one too many
  CHECK(nearest_word("COP", instructions) == "COPY");   // one missing
  CHECK(nearest_word("ENVV", instructions) == "ENV");
  CHECK(nearest_word("ENTRIPONT", instructions) == "ENTRYPOINT");
  CHECK(nearest_word("USER", instructions) == "USER");
}

TEST_CASE("a word near to nothing finds nothing") {
  CHECK_FALSE(nearest_word("MAINTAINER", instructions));
  CHECK_FALSE(nearest_word("X", instructions));
  CHECK_FALSE(nearest_word("", instructions));
  CHECK_FALSE(nearest_word("RUN", {}));
  CHECK_FALSE(nearest_word(std::string(1 << 20, 'A'), {std::string(1 << 20, 'A')}));
}

TEST_CASE("of two equally near words the first is taken") {
  CHECK(nearest_word("bat", {"cat", "rat"}) == "cat");
  CHECK(nearest_word("bats", {"cat", "bat", "rats"}) == "bat");
}
