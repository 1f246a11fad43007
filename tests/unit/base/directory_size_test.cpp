#include "strata/base/directory_size.hpp"

#include <doctest/doctest.h>

#include "unit/scratch_directory.hpp"

using namespace strata;

TEST_CASE("a directory's size is the sum of its files at any depth") {
  const test::ScratchDirectory scratch;
  scratch.write("tree/a", "12345");
  scratch.write("tree/deep/down/b", "123");
  scratch.write("beside", "not counted");
  CHECK(directory_size(scratch.root(), "tree") == 8);
}

TEST_CASE("a file with several names counts once") {
  const test::ScratchDirectory scratch;
  scratch.write("tree/a", "12345");
  scratch.root().make_hard_link("tree/b", "tree/a");
  CHECK(directory_size(scratch.root(), "tree") == 5);
}

TEST_CASE("links are not followed out of the directory or in it") {
  const test::ScratchDirectory scratch;
  scratch.write("elsewhere/big", "1234567890");
  scratch.write("tree/a", "1");
  scratch.root().make_symlink("tree/out", "../elsewhere");
  scratch.root().make_symlink("tree/file", "a");
  CHECK(directory_size(scratch.root(), "tree") == 1);
}

TEST_CASE("what is no directory has no size") {
  const test::ScratchDirectory scratch;
  scratch.write("file", "12345");
  scratch.root().make_symlink("link", ".");
  CHECK(directory_size(scratch.root(), "file") == 0);
  CHECK(directory_size(scratch.root(), "link") == 0);
  CHECK(directory_size(scratch.root(), "nothing") == 0);
}
