#include "plan/utf8.hpp"

#include <doctest/doctest.h>

#include "strata/base/json.hpp"
#include "unit/plan/plan_fixture.hpp"

namespace strata::plan {

TEST_CASE("a Dockerfile that is not UTF-8 gives documents that are") {
  const auto plan = plan_of(
      "FROM busybox\nMAINTAINER Jos\xe9\nENV A=\xe9\nLABEL \xff=\xfe\nUSER \xe9\nWORKDIR /\xe9\n"
      "VOLUME /\xe9\nCMD \xe9\nENTRYPOINT \xe9\nONBUILD RUN \xe9\n"
      "HEALTHCHECK CMD \xe9\nRUN echo \xe9\n");
  CHECK_NOTHROW(parse_json(to_json(plan), "plan"));
  CHECK(plan.target_stage().author == "Jos\xef\xbf\xbd");
  // What runs and what is copied has the bytes of the file.
  CHECK(last_operation<RunProcess>(plan).argv.back() == "echo \xe9");
}

TEST_CASE("zero bytes are refused where they would end a text too early") {
  using namespace std::string_literals;
  CHECK(contains(error_of("FROM busybox\nRUN a\0b\n"s), "zero byte"));
  CHECK(contains(error_of("FROM busybox\nWORKDIR /a\0b\n"s), "zero byte"));
  CHECK(error_of("FROM busybox\nCOPY <<F /x\na\0b\nF\n"s).empty());
  auto images = common_images();
  images.add("busybox").run.env = {"A=a\0b"s};
  CHECK_THROWS_AS(plan_of("FROM busybox\nRUN x\n", fixed_options(), images), Error);
}

}  // namespace strata::plan
