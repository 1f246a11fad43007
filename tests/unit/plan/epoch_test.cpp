// Where SOURCE_DATE_EPOCH comes from, and who sees it.

#include "strata/plan/epoch.hpp"

#include <doctest/doctest.h>

#include "unit/plan/plan_fixture.hpp"

namespace strata::plan {

namespace {

std::optional<std::string> epoch_of(std::string_view dockerfile,
                                    std::map<std::string, std::string> given = {}) {
  auto options = fixed_options();
  options.build_args = std::move(given);
  const auto epoch = find_epoch(dockerfile::parse(dockerfile, "Dockerfile"), options);
  return epoch ? std::optional(epoch->value) : std::nullopt;
}

}  // namespace

TEST_CASE("the epoch is an argument before the first FROM or a build argument") {
  CHECK_FALSE(epoch_of("FROM busybox\n"));
  CHECK(epoch_of("ARG SOURCE_DATE_EPOCH=5\nFROM busybox\n") == "5");
  CHECK(epoch_of("ARG T=6\nARG SOURCE_DATE_EPOCH=${T}00\nFROM busybox\n") == "600");
  CHECK(epoch_of("FROM busybox\n", {{"SOURCE_DATE_EPOCH", "7"}}) == "7");
  CHECK(epoch_of("ARG SOURCE_DATE_EPOCH=5\nFROM busybox\n", {{"SOURCE_DATE_EPOCH", "7"}}) == "7");
}

TEST_CASE("an epoch that is empty or declared without a value is none") {
  CHECK_FALSE(epoch_of("ARG SOURCE_DATE_EPOCH\nFROM busybox\n"));
  CHECK_FALSE(epoch_of("ARG SOURCE_DATE_EPOCH=\nFROM busybox\n"));
  CHECK_FALSE(epoch_of("ARG SOURCE_DATE_EPOCH=5\nFROM busybox\n", {{"SOURCE_DATE_EPOCH", ""}}));
}

TEST_CASE("the line that set the epoch is known") {
  const auto file =
      dockerfile::parse("ARG A=1\nARG SOURCE_DATE_EPOCH=x\nARG B=2\nFROM busybox\n", "Dockerfile");
  auto options = fixed_options();
  CHECK(find_epoch(file, options)->lines == dockerfile::SourceRange{2, 2});
  options.build_args = {{epoch_argument, "7"}};
  CHECK_FALSE(find_epoch(file, options)->lines);
}

TEST_CASE("an argument of a stage is no epoch") {
  CHECK_FALSE(epoch_of("FROM busybox\nARG SOURCE_DATE_EPOCH=5\n"));
}

TEST_CASE("mistakes in arguments are left to the plan") {
  CHECK_FALSE(epoch_of("ARG SOURCE_DATE_EPOCH=${NOPE:?}\nFROM busybox\n"));
}

TEST_CASE("a stage sees the epoch only if it declares it") {
  auto options = fixed_options();
  options.build_args = {{"SOURCE_DATE_EPOCH", "7"}};
  const auto without = plan_of("FROM busybox\nRUN x\n", options);
  CHECK(last_operation<RunProcess>(without).env == std::vector<std::string>{"PATH=/bin"});
  const auto with = plan_of("FROM busybox\nARG SOURCE_DATE_EPOCH\nRUN x\n", options);
  CHECK(contains(cat(last_operation<RunProcess>(with).env.back()), "SOURCE_DATE_EPOCH=7"));
}

}  // namespace strata::plan
