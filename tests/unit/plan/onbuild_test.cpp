#include "plan/onbuild.hpp"

#include <doctest/doctest.h>

#include "unit/plan/plan_fixture.hpp"

namespace strata::plan {

namespace {

FakeImages images_with_triggers(const std::vector<std::string>& triggers) {
  auto images = common_images();
  images.add("busybox").run.on_build = triggers;
  return images;
}

std::string error_with_triggers(const std::vector<std::string>& triggers) {
  try {
    plan_of("# one\nFROM busybox\nRUN x\n", fixed_options(), images_with_triggers(triggers));
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("an image's triggers run first and are gone afterwards") {
  const auto plan = plan_of("FROM busybox\nRUN own\n", fixed_options(),
                            images_with_triggers({"ENV A=1", "RUN make $A"}));
  CHECK(histories(plan) == std::vector<std::string>{"ENV A=1", "RUN /bin/sh -c make $A # buildkit",
                                                    "RUN /bin/sh -c own # buildkit"});
  CHECK(final_config(plan).on_build.empty());
  const auto& trigger = plan.target_stage().steps[1];
  CHECK(trigger.instruction == "RUN");
  CHECK(trigger.text == "RUN make $A");
  CHECK(trigger.lines.first == 1);
}

TEST_CASE("a stage's triggers run in the stage on it and not in the one above that") {
  const auto plan = plan_of("FROM busybox AS a\nONBUILD ENV A=1\nFROM a AS b\nFROM b\nENV C=$A\n");
  REQUIRE(plan.stages.size() == 3);
  CHECK(plan.stages[0].steps.size() == 1);
  CHECK(plan.stages[0].config.on_build == std::vector<std::string>{"ENV A=1"});
  CHECK(plan.stages[1].steps.size() == 1);
  CHECK(plan.stages[1].config.on_build.empty());
  CHECK(plan.stages[2].steps.size() == 1);
  CHECK(oci::find_env(final_config(plan).env, "C") == "1");
}

TEST_CASE("a trigger is expanded where it runs") {
  const auto plan =
      plan_of("FROM busybox AS a\nENV V=then\nONBUILD LABEL v=$V\nENV V=now\nFROM a\n");
  CHECK(final_config(plan).labels.at("v") == "now");
}

TEST_CASE("a trigger's COPY brings the stage it names into the plan") {
  const auto plan = plan_of("FROM debian AS tool\nFROM busybox\nRUN x\n", fixed_options(),
                            images_with_triggers({"COPY --from=tool /t /t"}));
  CHECK(plan.stages.size() == 2);
  CHECK(plan.target_stage().needs() == std::vector<std::size_t>{0});
}

TEST_CASE("a trigger keeps the documents behind it") {
  const auto file =
      dockerfile::parse("FROM busybox\nonbuild  RUN cat <<A <<-B\n1\nA\n\t2\n\tB\n", "Dockerfile");
  const std::string text = trigger_text(file.instructions[1]);
  CHECK(text == "RUN cat <<A <<-B\n1\nA\n\t2\nB");
  CHECK(dockerfile::parse_instruction(text).heredocs == file.instructions[1].heredocs);
}

TEST_CASE("a trigger with a document runs it") {
  const auto plan = plan_of("FROM busybox AS a\nONBUILD COPY <<F /f\n$X\nF\nFROM a\nENV X=1\n");
  CHECK(last_operation<CopyFiles>(plan).inline_files.at(0).content == "\n");
}

TEST_CASE("what is wrong with a trigger is said at FROM with the trigger's text") {
  const auto message = error_with_triggers({"STOPSIGNAL nope"});
  CHECK(contains(message, "Dockerfile:2: ONBUILD trigger \"STOPSIGNAL nope\" of busybox: "));
}

TEST_CASE("no image can make FROM or ONBUILD or nonsense run") {
  for (const char* trigger : {"FROM debian", "ONBUILD RUN x", "MAINTAINER me", "NONSENSE x", "",
                              "RUN a\nRUN b", "COPY a", "RUN <<EOF\nx", "WORKDIR"}) {
    CAPTURE(trigger);
    CHECK(contains(error_with_triggers({trigger}), "Dockerfile:2: ONBUILD trigger "));
  }
}

}  // namespace strata::plan
