// What plans look like to people and programs. testdata/plan has a folder for each case: a
// Dockerfile, the options of the build as on the command line, one a line, and the plan as text
// (`expected`) or JSON (`expected.json`). With STRATA_REWRITE_GOLDEN=1 in the environment the
// expectations are written anew, to be read before they are committed.
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

std::string read_text(const fs::path& path) { return read_host_file(path, 1 << 20); }

void add_option(Options& options, const std::string& line) {
  const auto blank = line.find(' ');
  const std::string name = line.substr(0, blank);
  const std::string value = line.substr(blank + 1);
  const auto equals = value.find('=');
  const std::string key = value.substr(0, equals);
  const std::string rest = equals == std::string::npos ? "" : value.substr(equals + 1);
  if (name == "--target") {
    options.target = value;
  } else if (name == "--platform") {
    options.platform = oci::parse_platform(value);
  } else if (name == "--build-arg") {
    options.build_args[key] = rest;
  } else if (name == "--label") {
    options.labels.emplace_back(key, rest);
  } else {
    FAIL("an option that no case has: ", line);
  }
}

Options options_of(const fs::path& folder) {
  auto options = fixed_options();
  if (!fs::exists(folder / "options")) return options;
  for (const std::string& line : split(read_text(folder / "options"), '\n')) {
    if (!line.empty()) add_option(options, line);
  }
  return options;
}

/// What is printed for a case: its plan, or why there is none.
struct Printed {
  std::string file = "expected";
  std::string text;
};

Printed print_case(const fs::path& folder) {
  try {
    const auto plan = plan_of(read_text(folder / "Dockerfile"), options_of(folder));
    if (fs::exists(folder / "expected")) return {"expected", to_text(plan)};
    return {"expected.json", to_pretty_text(parse_json(to_json(plan), "plan")) + "\n"};
  } catch (const Error& error) {
    return {"expected", cat(error.what(), "\n")};
  }
}

const char* sample =
    "FROM busybox AS low\nRUN \"x\\y\"\nFROM low\nCOPY --from=debian /a \"/b\"\nCOPY --from=low /c "
    "/d\n";

}  // namespace

TEST_CASE("plans are printed as the golden files have them") {
  const auto cases = golden_cases();
  REQUIRE(cases.size() >= 50);
  for (const auto& folder : cases) {
    CAPTURE(folder);
    const Printed printed = print_case(folder);
    if (std::getenv("STRATA_REWRITE_GOLDEN") != nullptr) {
      std::ofstream(folder / printed.file) << printed.text;
    }
    CHECK(printed.text == read_text(folder / printed.file));
  }
}

TEST_CASE("graphs are drawn as the golden files have them") {
  std::size_t drawn = 0;
  for (const auto& folder : golden_cases()) {
    const auto expectation = folder / "expected.dot";
    if (!fs::exists(expectation)) continue;
    CAPTURE(folder);
    ++drawn;
    const auto graph = to_dot(plan_of(read_text(folder / "Dockerfile"), options_of(folder)));
    if (std::getenv("STRATA_REWRITE_GOLDEN") != nullptr) std::ofstream(expectation) << graph;
    CHECK(graph == read_text(expectation));
  }
  CHECK(drawn >= 3);
}

TEST_CASE("the same file gives the same plan every time") {
  for (const auto& folder : golden_cases()) {
    CHECK(print_case(folder).text == print_case(folder).text);
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
