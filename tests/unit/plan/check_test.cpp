// Runs over the folders of testdata/checks: a Dockerfile, what is found in it, and where needed a
// `dockerignore` and `options.json` (target, platform, build_args, scope "target" in place of the
// whole file, hints, and images: what base images have beyond a PATH). With STRATA_REWRITE_GOLDEN=1
// in the environment the expectations are written anew, to be read before they are committed.
#include "strata/plan/check.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "strata/base/file.hpp"
#include "strata/base/json.hpp"
#include "unit/plan/plan_fixture.hpp"

namespace strata::plan {

namespace {

namespace fs = std::filesystem;
using dockerfile::CheckRule;

constexpr std::size_t text_size_max = 1 << 20;

/// Images of one layer each.
class CaseImages : public ImageSource {
 public:
  explicit CaseImages(const JsonObject& images) {
    for (const auto& [name, value] : images.raw()) {
      const JsonObject wishes(value, "image");
      auto& config = configs_[std::string(name)];
      config.platform = oci::parse_platform(wishes.string_or("platform", "linux/amd64"));
      config.run.env = wishes.strings("env");
      config.run.shell = wishes.strings("shell");
      config.run.on_build = wishes.strings("on_build");
      config.run.working_dir = wishes.string_or("working_dir", "");
    }
  }

  std::shared_ptr<const oci::Image> find(const std::string& name, const oci::Platform&) override {
    const auto found = configs_.find(name);
    if (found == configs_.end()) return nullptr;
    const oci::Descriptor blob{"layer", Digest::of("blob"), 4, {}, {}};
    return std::make_shared<const oci::Image>(
        oci::make_image(found->second, {{DiffId(Digest::of("tar")), blob}}));
  }
  std::shared_ptr<const oci::Image> context_image(const std::string&,
                                                  const oci::Platform&) override {
    return nullptr;
  }
  std::vector<std::string> names() const override { return {}; }

 private:
  std::map<std::string, oci::ImageConfig> configs_;
};

struct Case {
  fs::path folder;
  json::value options = json::object();
  dockerfile::IgnoreRules ignore;

  explicit Case(fs::path place) : folder(std::move(place)) {
    const auto wishes = folder / "options.json";
    const auto rules = folder / "dockerignore";
    if (fs::exists(wishes)) options = parse_json(read_host_file(wishes, text_size_max), "options");
    if (fs::exists(rules)) {
      ignore = dockerfile::IgnoreRules::parse(read_host_file(rules, text_size_max));
    }
  }
};

struct Result {
  CheckReport report;
  std::vector<dockerfile::Finding> mistakes;
};

/// As `build --check` does.
Result check_text(const std::string& text, const Options& options, ImageSource& images,
                  const CheckRequest& request) {
  Result result;
  try {
    const auto file = dockerfile::parse(text, "Dockerfile");
    result.report = check(file, options, images, request);
    result.mistakes = find_mistakes(file, options, images);
  } catch (const dockerfile::SourceError& error) {
    result.mistakes = error.findings();
  }
  return result;
}

/// Of each finding what says which one it is.
json::array in_short(const json::value& findings) {
  json::array array;
  for (const auto& value : findings.as_array()) {
    const auto& finding = value.as_object();
    array.push_back(json::object{{"rule", finding.at("rule")},
                                 {"line", finding.at("line")},
                                 {"message", finding.at("message")}});
  }
  return array;
}

std::string actual_text(const Case& golden) {
  const JsonObject wishes(golden.options, "options");
  Options options = fixed_options();
  options.target = wishes.string_or("target", "");
  options.build_args = wishes.string_map("build_args");
  options.platform = oci::parse_platform(wishes.string_or("platform", "linux/amd64"));
  CheckRequest request;
  request.hints = wishes.boolean_or("hints", false);
  request.ignore = &golden.ignore;
  if (wishes.string_or("scope", "") != "target") request.scope = CheckRequest::Scope::whole_file;
  const json::value none = json::object();
  CaseImages images(wishes.find_object("images").value_or(JsonObject(none, "images")));

  const auto text = read_host_file(golden.folder / "Dockerfile", text_size_max);
  const Result result = check_text(text, options, images, request);
  json::value printed = parse_json(to_json(result.report, result.mistakes, request), "report");
  auto& object = printed.as_object();
  object["warnings"] = in_short(object["warnings"]);
  if (object.contains("hints")) object["hints"] = in_short(object["hints"]);
  if (result.report.fails_build) object["fails_build"] = true;
  return to_pretty_text(printed) + "\n";
}

std::vector<fs::path> folders() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(fs::path(STRATA_TESTDATA) / "checks")) {
    found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

Result check_alone(const std::string& text, const CheckRequest& request = {}) {
  FakeImages images = common_images();
  return check_text(text, fixed_options(), images, request);
}

}  // namespace

TEST_CASE("every golden Dockerfile has the expected findings") {
  const auto cases = folders();
  REQUIRE(cases.size() >= 200);
  for (const auto& folder : cases) {
    CAPTURE(folder.filename().string());
    const std::string actual = actual_text(Case(folder));
    const auto expectation = (folder / "expected.json").string();
    if (std::getenv("STRATA_REWRITE_GOLDEN") != nullptr) std::ofstream(expectation) << actual;
    CHECK(read_host_file(expectation, text_size_max) == actual);
  }
}

TEST_CASE("every rule is found in some golden Dockerfile") {
  std::set<std::string> found;
  for (const auto& folder : folders()) {
    const auto text = read_host_file((folder / "expected.json").string(), text_size_max);
    const auto value = parse_json(text, "expectation");
    for (const char* list : {"warnings", "hints"}) {
      for (const auto& finding : JsonObject(value, "expectation").objects(list)) {
        found.insert(finding.string("rule"));
      }
    }
  }
  for (const auto& rule : dockerfile::check_rules()) {
    CAPTURE(rule.name);
    CHECK(found.contains(std::string(rule.name)));
  }
}

TEST_CASE("a check prints its lines its reason and what to write") {
  const std::string text = "FROM busybox\nCMD run\n";
  const auto file = dockerfile::parse(text, "Dockerfile");
  const std::string printed = to_text(check_alone(text).report, {}, file);
  CHECK(contains(printed,
                 "WARNING: JSONArgsRecommended - "
                 "https://docs.docker.com/go/dockerfile/rule/json-args-recommended/\n"
                 "Dockerfile:2: JSON arguments recommended for CMD"));
  CHECK(contains(printed, "   2 | >>> CMD run\n"));
  CHECK(contains(printed, "\nwhy:   "));
  CHECK(contains(printed, "\nwrite: CMD [\"program\", \"argument\"]"));
  CHECK(contains(printed, "\nCheck complete, 1 warning found.\n"));
}

TEST_CASE("a file without findings says so") {
  const std::string text = "FROM busybox\n";
  const auto file = dockerfile::parse(text, "Dockerfile");
  CHECK(to_text(check_alone(text).report, {}, file) == "Check complete, no warnings found.\n");
}

TEST_CASE("a check of a file that cannot be built tells its mistakes too") {
  const std::string text = "FROM busybox as a\nSTOPSIGNAL never\n";
  const auto file = dockerfile::parse(text, "Dockerfile");
  const auto result = check_alone(text);
  const std::string printed = to_text(result.report, result.mistakes, file);
  CHECK(contains(printed, "WARNING: FromAsCasing"));
  CHECK(contains(printed, "ERROR: Dockerfile:2: STOPSIGNAL \"never\" is no signal"));
  CHECK(contains(printed, "Check complete, 1 warning and 1 error found.\n"));
}

TEST_CASE("a foreign platform is no mistake of the file") {
  const auto result = check_alone("FROM --platform=linux/arm64 busybox AS arm64\nRUN true\n");
  CHECK(result.mistakes.empty());
  CHECK(result.report.warnings.empty());
}

TEST_CASE("the members of the JSON report stand in a fixed order") {
  const auto result = check_alone("FROM busybox as x\n");
  const std::string printed = to_json(result.report, result.mistakes, {});
  CHECK(printed.starts_with("{\"warnings\":[{\"rule\":\"FromAsCasing\",\"line\":1,\"message\":"));
  CHECK(printed.ends_with("],\"error\":null}"));
}

TEST_CASE("hints are not warnings and never fail a build") {
  CheckRequest request;
  request.hints = true;
  const auto result = check_alone("# check=error=true\nFROM busybox\n", request);
  CHECK(result.report.warnings.empty());
  REQUIRE(result.report.hints.size() == 1);
  CHECK(result.report.hints[0].rule == CheckRule::unpinned_base_image);
  CHECK_FALSE(result.report.fails_build);
}

TEST_CASE("a bad build argument for checks is an error of the command line") {
  FakeImages images = common_images();
  Options options = fixed_options();
  options.build_args["BUILDKIT_DOCKERFILE_CHECK"] = "skip";
  const auto file = dockerfile::parse("FROM busybox\n", "Dockerfile");
  CHECK_THROWS_AS(check(file, options, images, {}), Error);
}

TEST_CASE("a file of thousands of variables is checked in time and memory that grow with it") {
  std::string text = "FROM busybox AS stage_0\n";
  for (int i = 0; i < 3000; ++i) text += cat("ARG NAME_", i, "=$UNDEFINED_", i, "\n");
  for (int i = 1; i < 200; ++i) text += cat("FROM stage_", i - 1, " AS stage_", i, "\n");
  CheckRequest request;
  request.scope = CheckRequest::Scope::whole_file;
  FakeImages images = common_images();
  const auto file = dockerfile::parse(text, "Dockerfile");
  const auto report = check(file, fixed_options(), images, request);
  CHECK(report.warnings.size() > 1000);
  CHECK(report.warnings.size() <= 3000);
  CHECK(contains(to_text(report, {}, file), " more\n"));
}

}  // namespace strata::plan
