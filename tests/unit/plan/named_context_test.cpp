// What --build-context makes of names in FROM and --from.

#include "strata/plan/named_context.hpp"

#include <doctest/doctest.h>

#include "unit/plan/plan_fixture.hpp"

namespace strata::plan {

namespace {

Options with_context(std::string_view name, NamedContext context) {
  auto options = fixed_options();
  options.contexts.add(name, std::move(context));
  return options;
}

FakeImages images_with(const char* context) {
  auto images = common_images();
  images.add(cat("context:", context)).run.env = {"FROM=context"};
  return images;
}

}  // namespace

TEST_CASE("a context is found under every way to write its name") {
  NamedContexts contexts;
  CHECK(contexts.add("docker.io/library/app:latest", ContextFiles{}) == "app");
  for (const char* name : {"app", "app:latest", "docker.io/app", "library/app"})
    CHECK_MESSAGE(contexts.find(name, amd64()) != nullptr, name);
  for (const char* name : {"app:1", "other/app", "App", ""})
    CHECK_MESSAGE(contexts.find(name, amd64()) == nullptr, name);
}

TEST_CASE("what is said for a platform goes before what is said for all") {
  NamedContexts contexts;
  contexts.add("app", ContextFiles{});
  contexts.add("app::linux/arm64", ContextImage{});
  const auto arm64 = oci::parse_platform("linux/arm64");
  CHECK(std::holds_alternative<ContextImage>(contexts.find("app", arm64)->second));
  CHECK(std::holds_alternative<ContextFiles>(contexts.find("app", amd64())->second));
  CHECK(contexts.find("app", arm64)->first == "app::linux/arm64");
}

TEST_CASE("what can be no name is refused") {
  NamedContexts contexts;
  for (const char* name : {"", "A", "a b", "../x", "scratch", "app::", "app::a/b/c/d"})
    CHECK_THROWS_AS_MESSAGE(contexts.add(name, ContextFiles{}), Error, name);
}

TEST_CASE("an image context goes before the image and the stage of its name") {
  const auto images = images_with("busybox");
  const auto options = with_context("busybox", ContextImage{});
  CHECK(oci::find_env(final_config(plan_of("FROM busybox\n", options, images)).env, "FROM"));

  const auto stage_options = with_context("tool", ContextImage{});
  const auto plan =
      plan_of("FROM debian AS tool\nRUN never\nFROM tool\n", stage_options, images_with("tool"));
  CHECK(plan.stages.size() == 1);
  CHECK(oci::find_env(final_config(plan).env, "FROM"));
}

TEST_CASE("--from takes files images and stages from contexts") {
  const char* dockerfile =
      "FROM debian AS first\nRUN one\n"
      "FROM busybox\nCOPY --from=other /a /b\n";
  const auto files = plan_of(dockerfile, with_context("other", ContextFiles{}));
  CHECK(std::get<FromContext>(last_operation<CopyFiles>(files).origin).name == "other");
  CHECK(files.stages.size() == 1);

  const auto stage = plan_of(dockerfile, with_context("other", ContextStage{"first"}));
  CHECK(std::get<FromStage>(last_operation<CopyFiles>(stage).origin).stage == 0);
  CHECK(stage.stages.size() == 2);

  const auto image =
      plan_of(dockerfile, with_context("other", ContextImage{}), images_with("other"));
  CHECK(std::holds_alternative<FromImage>(last_operation<CopyFiles>(image).origin));
}

TEST_CASE("FROM takes an earlier stage under another name") {
  const auto plan =
      plan_of("FROM debian AS first\nFROM base\n", with_context("base", ContextStage{"first"}));
  CHECK(std::get<BaseStage>(plan.target_stage().base).stage == 0);
}

TEST_CASE("files cannot be a base") {
  const auto error = error_of("FROM app\n", with_context("app", ContextFiles{}));
  CHECK(contains(error, "Dockerfile:1"));
  CHECK(contains(error, "holds files and is no image"));
}

TEST_CASE("a stage under another name has to exist and to be earlier") {
  const char* dockerfile = "FROM busybox AS one\nCOPY --from=x /a /b\nFROM busybox AS two\n";
  auto options = with_context("x", ContextStage{"two"});
  options.target = "one";
  CHECK(contains(error_of(dockerfile, options), "target:two: this stage begins later"));
  options.contexts.add("x", ContextStage{"one"});
  CHECK(contains(error_of(dockerfile, options), "cannot take files from itself"));
  options.contexts.add("x", ContextStage{"none"});
  CHECK(contains(error_of(dockerfile, options), "there is no stage of this name"));
  CHECK(contains(error_of("FROM x\n", with_context("x", ContextStage{"none"})),
                 "there is no stage of this name"));
}

TEST_CASE("a context that nothing names changes nothing") {
  CHECK(error_of("FROM busybox\n", with_context("unused", ContextStage{"none"})).empty());
}

}  // namespace strata::plan
