#include "strata/base/error.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace strata;

TEST_CASE("an error shows its message and then its notes from the inside out") {
  Error error(ErrorKind::corrupt, "bad byte");
  error.note("reading layer 3").note("building");
  CHECK(error.kind() == ErrorKind::corrupt);
  CHECK(error.message() == "bad byte");
  CHECK(error.notes() == std::vector<std::string>{"reading layer 3", "building"});
  CHECK(std::string(error.what()) == "bad byte\n  reading layer 3\n  building");
}

TEST_CASE("fail puts its parts together") {
  try {
    fail(ErrorKind::usage, "option ", quoted("--x"), " wants ", 2, " values", '.');
  } catch (const Error& error) {
    CHECK(error.message() == "option \"--x\" wants 2 values.");
    CHECK(error.kind() == ErrorKind::usage);
  }
}

TEST_CASE("a failed system call says the system's reason and maps it to a kind") {
  try {
    errno = ENOENT;
    fail_errno("cannot open ", quoted("a"));
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::not_found);
    CHECK(error.message() == "cannot open \"a\": No such file or directory");
  }
  CHECK(kind_of_errno(EACCES) == ErrorKind::denied);
  CHECK(kind_of_errno(ECONNREFUSED) == ErrorKind::unreachable);
  CHECK(kind_of_errno(ENOSPC) == ErrorKind::system);
  CHECK_THROWS_WITH_AS(fail_system(99999, "odd"), "odd: error 99999", Error);
}

TEST_CASE("every kind has an exit code of its own that is not zero") {
  std::set<int> codes;
  for (int kind = 0; kind <= static_cast<int>(ErrorKind::interrupted); ++kind) {
    codes.insert(exit_code(static_cast<ErrorKind>(kind)));
  }
  CHECK(codes == std::set<int>{1, 2, 3, 4, 5, 6, 8, 9, 130});
}
