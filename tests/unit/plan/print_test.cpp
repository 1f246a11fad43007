#include "strata/plan/print.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "strata/base/file.hpp"
#include "strata/base/json.hpp"
#include "unit/plan/plan_fixture.hpp"

namespace strata::plan {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> golden_cases() {
  std::vector<fs::path> cases;
  for (const auto& entry : fs::directory_iterator(fs::path(STRATA_TESTDATA) / "plan")) {
    cases.push_back(entry.path());
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

std::string plan_text(const std::string& dockerfile) {
  try {
    return to_text(plan_of(dockerfile));
  } catch (const Error& error) {
    return cat(error.what(), "\n");
  }
}

const char* sample =
    "FROM busybox AS low\nRUN \"x\\y\"\nFROM low\nCOPY --from=debian /a \"/b\"\nCOPY --from=low /c "
    "/d\n";

}  // namespace

TEST_CASE("plans are printed as the golden files have them") {
  const auto cases = golden_cases();
  REQUIRE(cases.size() >= 10);
  for (const auto& path : cases) {
    CAPTURE(path);
    const std::string text = plan_text(read_host_file(path / "Dockerfile", 1 << 20));
    if (std::getenv("STRATA_REWRITE_GOLDEN") != nullptr) {
      std::ofstream(path / "expected") << text;
    }
    CHECK(text == read_host_file(path / "expected", 1 << 20));
  }
}

TEST_CASE("the same file gives the same plan every time") {
  for (const auto& path : golden_cases()) {
    const std::string dockerfile = read_host_file(path / "Dockerfile", 1 << 20);
    CHECK(plan_text(dockerfile) == plan_text(dockerfile));
  }
}

TEST_CASE("a plan as JSON is one object with stages steps and needs") {
  const auto value = parse_json(to_json(plan_of(sample)), "plan");
  const JsonObject plan(value, "plan");
  CHECK(plan.integer("target") == 1);
  const auto stages = plan.objects("stages");
  REQUIRE(stages.size() == 2);
  CHECK(stages[1].string("base") == "stage low");
  const auto steps = stages[1].objects("steps");
  CHECK(steps[0].string("from") == "image debian");
  CHECK(steps[0].strings("sources") == std::vector<std::string>{"/a"});
  CHECK(stages[0].objects("steps")[0].strings("argv").back() == "\"x\\y\"");
  CHECK(stages[1].object("config").strings("Env") == std::vector<std::string>{"PATH=/bin"});
}

TEST_CASE("a plan as a graph has a box for each stage and image and each arrow once") {
  const std::string dot = to_dot(plan_of(sample));
  CHECK(contains(dot, "stage_0 [label=\"low\\lRUN \\\"x\\\\y\\\"\"];"));
  CHECK(contains(dot, "stage_1 [label="));
  CHECK(contains(dot, "penwidth=2"));
  CHECK(contains(dot, "  stage_0 -> stage_1;\n"));
  CHECK(contains(dot, "  stage_0 -> stage_1 [style=dashed];\n"));
  CHECK(contains(dot, "image_1 -> stage_1 [style=dashed];\n"));
  CHECK(dot.find("image_0 -> stage_0") == dot.rfind("image_0 -> stage_0"));
}

}  // namespace strata::plan
