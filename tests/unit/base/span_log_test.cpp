#include "strata/base/span_log.hpp"

#include <doctest/doctest.h>

namespace strata {

TEST_CASE("spans are noted with their thread and their numbers") {
  SpanLog log;
  const SpanScope scope{&log, "step"};
  {
    SpanTimer outer(scope, "outer");
    outer.count("bytes", 7);
    std::thread([&] { const SpanTimer inner(scope, "inner"); }).join();
  }
  {
    SpanSum sum(scope, "sum");
    CHECK(sum.time([] { return 3; }) == 3);
    sum.time([] {});
  }
  const auto spans = log.take();
  REQUIRE(spans.size() == 3);
  CHECK(std::string(spans[0].name) == "inner");
  CHECK(spans[0].thread == 0);
  CHECK(spans[1].thread == 1);
  CHECK(spans[1].step == "step");
  CHECK(spans[1].numbers.at(0).second == 7);
  CHECK(spans[1].start <= spans[0].start);
  CHECK(spans[1].end >= spans[0].end);
  CHECK(log.take().empty());
}

TEST_CASE("without a log nothing is noted") {
  const SpanScope nowhere;
  SpanTimer timer(nowhere, "timer");
  timer.count("bytes", 1);
  SpanSum sum(nowhere, "sum");
  CHECK(sum.time([] { return 1; }) == 1);
}

}  // namespace strata
