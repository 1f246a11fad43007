#include "strata/base/shared_library.hpp"

#include <doctest/doctest.h>

#include "strata/base/error.hpp"

using namespace strata;

TEST_CASE("functions of a library are found by their names") {
  const SharedLibrary library("libm.so.6", "counting", "libc6");
  double (*root)(double) = nullptr;
  library.find("sqrt", root);
  CHECK(root(81) == 9);
  CHECK_THROWS_WITH_AS(library.find("no_such_root", root), "libm.so.6 has no function no_such_root",
                       Error);
}

TEST_CASE("a library that is missing is named, with who needs it and what to install") {
  try {
    SharedLibrary("libnone.so.1", "reading an archive", "libnone1");
    FAIL("it was found");
  } catch (const Error& error) {
    const std::string message = error.what();
    CHECK(message.starts_with("reading an archive needs libnone.so.1 ("));
    CHECK(message.ends_with("); install the package libnone1"));
  }
}
