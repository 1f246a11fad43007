// Runs over the folders of testdata/dockerfile (a Dockerfile and its syntax tree) and
// testdata/dockerfile-bad (a Dockerfile and what is said of it). With STRATA_REWRITE_GOLDEN=1 in
// the environment the expectations are written anew, to be read before they are committed.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "strata/base/json.hpp"
#include "strata/dockerfile/parse.hpp"
#include "strata/dockerfile/print.hpp"
#include "strata/dockerfile/stages.hpp"

namespace fs = std::filesystem;

namespace strata::dockerfile {
namespace {

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> cases(const char* folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(fs::path(STRATA_TESTDATA) / folder)) {
    if (entry.is_directory()) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

void compare(const fs::path& expectation, const std::string& actual) {
  if (std::getenv("STRATA_REWRITE_GOLDEN") != nullptr) {
    std::ofstream(expectation, std::ios::binary) << actual;
  }
  CHECK(read_text(expectation) == actual);
}

std::string error_of(const std::string& text) {
  try {
    split_stages(parse(text, "Dockerfile"));
  } catch (const SourceError& error) {
    return error.message() + "\n";
  }
  return "no error\n";
}

/// Everything but lines and warnings, which printing does not keep.
Instruction without_lines(Instruction instruction) {
  instruction.lines = {};
  if (instruction.sub) {
    instruction.sub = std::make_shared<const Instruction>(without_lines(*instruction.sub));
  }
  return instruction;
}

void check_print_is_inverse(const File& file) {
  const std::string printed = to_text(file);
  const File again = parse(printed, file.name);
  CHECK(again.escape == file.escape);
  REQUIRE(again.instructions.size() == file.instructions.size());
  for (std::size_t i = 0; i < file.instructions.size(); ++i) {
    CHECK(without_lines(again.instructions[i]) == without_lines(file.instructions[i]));
  }
  CHECK(to_text(again) == printed);
}

}  // namespace

TEST_CASE("every golden Dockerfile has the expected syntax tree") {
  for (const fs::path& folder : cases("dockerfile")) {
    CAPTURE(folder.filename().string());
    const File file = parse(read_text(folder / "Dockerfile"), "Dockerfile");
    compare(folder / "expected.json", to_pretty_text(parse_json(to_json(file), "tree")) + "\n");
    check_print_is_inverse(file);
  }
}

TEST_CASE("every bad golden Dockerfile is refused with the expected words") {
  for (const fs::path& folder : cases("dockerfile-bad")) {
    CAPTURE(folder.filename().string());
    const std::string actual = error_of(read_text(folder / "Dockerfile"));
    CHECK(actual != "no error\n");
    compare(folder / "expected.txt", actual);
  }
}

}  // namespace strata::dockerfile
