// ARG and --build-arg, from what they give a RUN.

#include <doctest/doctest.h>

#include "unit/plan/plan_fixture.hpp"

namespace strata::plan {

namespace {

using Words = std::vector<std::string>;

Options with_args(std::map<std::string, std::string> args) {
  auto options = fixed_options();
  options.build_args = std::move(args);
  return options;
}

/// What a RUN at the end of the file sees beyond PATH.
Words arguments_of(std::string_view dockerfile, const Options& options = fixed_options()) {
  auto env = last_operation<RunProcess>(plan_of(cat(dockerfile, "\nRUN x\n"), options)).env;
  env.erase(env.begin());
  return env;
}

}  // namespace

TEST_CASE("what steers the scan for contents is declared but in no environment") {
  const auto plan = plan_of(
      "FROM busybox\nARG BUILDKIT_SBOM_SCAN_STAGE=true\nENV A=[$BUILDKIT_SBOM_SCAN_STAGE]\n"
      "RUN true\n");
  const auto& run = plan.target_stage().steps.back();
  CHECK(oci::find_env(plan.target_stage().config.env, "A") == "[]");
  const auto& env = std::get<RunProcess>(run.operation).env;
  CHECK(oci::find_env(env, "BUILDKIT_SBOM_SCAN_STAGE") == std::nullopt);
  CHECK(contains(run.created_by, "BUILDKIT_SBOM_SCAN_STAGE=true"));
}

TEST_CASE("a stage sees a global argument only after declaring it") {
  CHECK(arguments_of("ARG A=1\nFROM busybox").empty());
  CHECK(arguments_of("ARG A=1\nFROM busybox\nARG A") == Words{"A=1"});
}

TEST_CASE("a given value wins over the default and the default over the global one") {
  const char* text = "ARG A=global\nFROM busybox\nARG A=own";
  CHECK(arguments_of(text) == Words{"A=own"});
  CHECK(arguments_of(text, with_args({{"A", "given"}})) == Words{"A=given"});
  CHECK(arguments_of("ARG A=global\nFROM busybox\nARG A", with_args({{"A", "given"}})) ==
        Words{"A=given"});
}

TEST_CASE("an argument without any value is unset and one with an empty value is set") {
  CHECK(arguments_of("FROM busybox\nARG A").empty());
  CHECK(arguments_of("FROM busybox\nARG A=") == Words{"A="});
  CHECK(arguments_of("FROM busybox\nARG A", with_args({{"A", ""}})) == Words{"A="});
}

TEST_CASE("a later declaration without a value keeps the earlier value") {
  CHECK(arguments_of("FROM busybox\nARG A=1\nARG A") == Words{"A=1"});
  CHECK(arguments_of("FROM busybox\nARG A=1\nARG A=2") == Words{"A=2"});
}

TEST_CASE("defaults are expanded by what stands before them") {
  CHECK(arguments_of("FROM busybox\nENV E=e\nARG A=1\nARG B=$A-$E") ==
        Words{"E=e", "A=1", "B=1-e"});
  CHECK(arguments_of("FROM busybox\nARG A=1 B=${A}2") == Words{"A=1", "B=12"});
  CHECK(arguments_of("ARG V=3\nARG T=v$V\nFROM busybox\nARG T") == Words{"T=v3"});
}

TEST_CASE("a stage on a stage inherits its arguments") {
  CHECK(arguments_of("FROM busybox AS low\nARG A=1\nFROM low") == Words{"A=1"});
  CHECK(arguments_of("FROM busybox AS low\nARG A=1\nFROM busybox").empty());
}

TEST_CASE("global arguments choose the base") {
  const char* text = "ARG IMAGE=busy\nARG END=box\nFROM ${IMAGE}${END}\n";
  CHECK(std::get<BaseImage>(plan_of(text).stages[0].base).name == "busybox");
  const auto given = with_args({{"IMAGE", "deb"}, {"END", "ian"}});
  CHECK(std::get<BaseImage>(plan_of(text, given).stages[0].base).name == "debian");
}

TEST_CASE("arguments of a stage do not reach the next FROM") {
  CHECK(contains(error_of("FROM busybox\nARG B=debian\nFROM $B\n"), "the variable is empty"));
}

TEST_CASE("platform arguments are there without being given") {
  auto options = fixed_options();
  options.platform = {"linux", "arm", "v7"};
  const char* text =
      "FROM busybox\nARG TARGETPLATFORM\nARG TARGETOS\nARG TARGETARCH\nARG TARGETVARIANT\n"
      "ARG BUILDPLATFORM\nARG BUILDOS\nARG BUILDARCH\nARG BUILDVARIANT\nARG TARGETOSVERSION\n"
      "ENV ALL=$TARGETPLATFORM,$TARGETOS,$TARGETARCH,$TARGETVARIANT,$BUILDPLATFORM,$BUILDOS,"
      "$BUILDARCH,$BUILDVARIANT\n";
  CHECK(oci::find_env(final_config(plan_of(text, options)).env, "ALL") ==
        "linux/arm/v7,linux,arm,v7,linux/amd64,linux,amd64,");
}

TEST_CASE("an undeclared platform argument is unset in a stage") {
  CHECK(oci::find_env(final_config(plan_of("FROM busybox\nENV A=[$TARGETARCH]\n")).env, "A") ==
        "[]");
}

TEST_CASE("a platform argument can be given like any other") {
  CHECK(arguments_of("FROM busybox\nARG TARGETARCH", with_args({{"TARGETARCH", "x"}})) ==
        Words{"TARGETARCH=x"});
}

TEST_CASE("TARGETSTAGE is the stage that is built") {
  CHECK(arguments_of("FROM busybox\nARG TARGETSTAGE") == Words{"TARGETSTAGE=default"});
  CHECK(arguments_of("FROM busybox AS last\nARG TARGETSTAGE") == Words{"TARGETSTAGE=last"});
  auto options = fixed_options();
  options.target = "one";
  CHECK(arguments_of("FROM busybox AS one\nARG TARGETSTAGE", options) == Words{"TARGETSTAGE=one"});
}

TEST_CASE("arguments that no ARG takes are reported and no others") {
  auto options = with_args({{"USED", "1"},
                            {"GLOBAL", "1"},
                            {"OTHER_STAGE", "1"},
                            {"TRIGGERED", "1"},
                            {"USD", "1"},
                            {"nothing-like-it", "1"},
                            {"HTTP_PROXY", "1"},
                            {"no_proxy", "1"},
                            {"TARGETARCH", "1"},
                            {"SOURCE_DATE_EPOCH", "1"},
                            {"BUILDKIT_INLINE_CACHE", "1"}});
  auto images = common_images();
  images.add("busybox").run.on_build = {"ARG TRIGGERED"};
  std::vector<std::string> warnings = {"stale"};
  const auto file = dockerfile::parse(
      "ARG GLOBAL\nFROM busybox AS other\nARG OTHER_STAGE\nFROM busybox\nARG USED\n", "Dockerfile");
  make_plan(file, options, images, &warnings);
  CHECK(warnings == Words{"--build-arg USD: no ARG of this name; did you mean USED?",
                          "--build-arg nothing-like-it: no ARG of this name"});
}

}  // namespace strata::plan
