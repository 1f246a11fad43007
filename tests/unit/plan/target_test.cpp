// Which stages are planned, and on what they stand.

#include <doctest/doctest.h>

#include "unit/plan/plan_fixture.hpp"

namespace strata::plan {

namespace {

const char* four_stages =
    "FROM busybox AS base\n"
    "FROM base AS unused\nRUN never\n"
    "FROM debian AS Tool\n"
    "FROM base\nCOPY --from=tool /t /t\n";

Plan plan_target(std::string_view dockerfile, const std::string& target) {
  auto options = fixed_options();
  options.target = target;
  return plan_of(dockerfile, options);
}

std::vector<std::string> labels(const Plan& plan) {
  std::vector<std::string> labels;
  for (const auto& stage : plan.stages) labels.push_back(stage.label());
  return labels;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("only what the target needs is planned and in the order of the file") {
  CHECK(labels(plan_of(four_stages)) == Words{"base", "tool", "stage-3"});
  CHECK(labels(plan_target(four_stages, "unused")) == Words{"base", "unused"});
  CHECK(labels(plan_target(four_stages, "base")) == Words{"base"});
}

TEST_CASE("a target is named in any case or by its index") {
  CHECK(plan_target(four_stages, "TOOL").target_stage().name == "tool");
  CHECK(plan_target(four_stages, "2").target_stage().name == "tool");
  CHECK(plan_target(four_stages, "3").target_stage().index_in_file == 3);
}

TEST_CASE("an unknown target is not found and the nearest is named") {
  try {
    plan_target(four_stages, "tol");
    FAIL("planned");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::not_found);
    CHECK(contains(error.message(), "did you mean tool?"));
    CHECK(contains(error.message(), "base, unused, tool"));
  }
}

TEST_CASE("a stage knows which stages it takes from") {
  const auto plan = plan_of(four_stages);
  CHECK(plan.stages[0].needs().empty());
  CHECK(plan.stages[1].needs().empty());
  CHECK(plan.stages[2].needs() == std::vector<std::size_t>{0, 1});
  CHECK(plan.target == 2);
}

TEST_CASE("a stage on a stage goes on where that one ended") {
  const auto plan = plan_of("FROM app AS low\nENV A=1\nUSER u\nFROM low\n");
  CHECK(plan.stages[1].config == plan.stages[0].config);
  CHECK(std::get<BaseStage>(plan.stages[1].base).stage == 0);
}

TEST_CASE("a base without PATH gets one and an image is asked for once only") {
  auto images = common_images();
  images.add("bare");
  const auto file = dockerfile::parse(
      "FROM bare AS a\nFROM bare AS b\nFROM bare\nCOPY --from=a x /\nCOPY --from=b x /\n", "f");
  const auto plan = make_plan(file, fixed_options(), images);
  CHECK(images.lookups == 1);
  CHECK(oci::find_env(plan.stages[0].config.env, "PATH") ==
        "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
}

TEST_CASE("an image that no needed stage names is never asked for") {
  auto images = common_images();
  make_plan(dockerfile::parse("FROM absent\nFROM busybox\n", "f"), fixed_options(), images);
  CHECK(images.lookups == 1);
}

TEST_CASE("a stage may have the name of its own base") {
  const auto plan = plan_of("FROM busybox AS busybox\nFROM busybox\n");
  CHECK(std::holds_alternative<BaseImage>(plan.stages[0].base));
  CHECK(std::holds_alternative<BaseStage>(plan.stages[1].base));
}

TEST_CASE("FROM takes a number for an image's name") {
  CHECK(contains(error_of("FROM busybox\nFROM 0\n"), "is called \"0\""));
}

TEST_CASE("FROM may name the platform by a variable") {
  auto options = fixed_options();
  options.platform = {"linux", "arm64", ""};
  auto images = common_images();
  const auto file =
      dockerfile::parse("FROM --platform=$BUILDPLATFORM busybox AS b\nRUN x\nFROM b\n", "f");
  const auto plan = make_plan(file, options, images);
  CHECK(images.last_platform == amd64());
  CHECK(plan.stages[0].platform == amd64());
  CHECK(plan.stages[1].platform == amd64());
}

TEST_CASE("without --platform the image for the target is asked for") {
  auto options = fixed_options();
  options.platform = {"linux", "arm64", ""};
  auto images = common_images();
  make_plan(dockerfile::parse("FROM busybox\nCOPY a b\n", "f"), options, images);
  CHECK(images.last_platform.architecture == "arm64");
  const std::string_view run = "FROM busybox\nRUN x\n";
  CHECK(contains(error_of(run, options), "RUN in a stage for linux/arm64 on linux/amd64 needs"));
  options.emulated = [] { return std::vector<oci::Platform>{{"linux", "arm64", ""}}; };
  CHECK(error_of(run, options).empty());
}

TEST_CASE("no-cache is for all stages or for those that are named") {
  auto options = fixed_options();
  options.no_cache_stages = {"tool", "3"};
  const auto plan = plan_of(four_stages, options);
  CHECK_FALSE(plan.stages[0].no_cache);
  CHECK(plan.stages[1].no_cache);
  CHECK(plan.stages[2].no_cache);
  options.no_cache = true;
  CHECK(plan_of(four_stages, options).stages[0].no_cache);
}

TEST_CASE("labels of the options are one last step of the target alone") {
  auto options = fixed_options();
  options.labels = {{"b", "2"}, {"a", "1 1"}};
  const auto plan = plan_of("FROM busybox AS x\nLABEL a=0\nFROM x\n", options);
  CHECK(plan.stages[0].steps.size() == 1);
  REQUIRE(plan.stages[1].steps.size() == 1);
  CHECK(plan.stages[1].steps[0].text == "LABEL b=2 a=1 1");
  CHECK(plan.stages[1].steps[0].created_by.empty());
  CHECK(final_config(plan).labels == std::map<std::string, std::string>{{"a", "1 1"}, {"b", "2"}});
}

TEST_CASE("WORKDIR makes a directory for the user of its place but never the root") {
  const auto plan = plan_of("FROM busybox\nUSER u\nWORKDIR /a/b\nWORKDIR /\n");
  const auto& steps = plan.target_stage().steps;
  CHECK(std::get<MakeDirectory>(steps[1].operation).path == "/a/b");
  CHECK(std::get<MakeDirectory>(steps[1].operation).user == "u");
  CHECK(std::holds_alternative<EditConfig>(steps[2].operation));
}

}  // namespace strata::plan
