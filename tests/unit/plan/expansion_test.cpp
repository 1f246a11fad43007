// Which instruction expands what: one row for each place in which a variable may stand.

#include <doctest/doctest.h>

#include "unit/plan/plan_fixture.hpp"

namespace strata::plan {

namespace {

struct Row {
  const char* instruction;
  const char* expected;  ///< what the printed step contains
};

/// The last step of a file in which V is v, EMPTY is empty, and the others are what their names
/// say.
std::string printed_step(const std::string& instruction, char escape = '\\') {
  const std::string file = cat("# escape=", std::string(1, escape),
                               "\nFROM busybox\nENV V=v EMPTY= MODE=0640 PORTS=\"80 90/UDP\" "
                               "SIGNAL=SIGINT TWO=\"a b\"\n",
                               instruction, "\n");
  const std::string text = to_text(plan_of(file));
  const auto step = text.rfind("\n  line 4: ");
  return text.substr(step, text.rfind("\n  config: ") - step);
}

const Row expanding[] = {
    {"ADD $V /$V", "history: \"ADD v /v # buildkit\""},
    {"ADD --chown=$V:${V} a /b", "owner: \"v:v\""},
    {"ADD --chmod=$MODE a /b", "mode: 0640"},
    {"COPY a$V $V/ /$V/", "history: \"COPY av v/ /v/ # buildkit\""},
    {"COPY [\"$TWO\", \"/$TWO/\"]", "sources: \"a b\""},
    {"COPY --chown=$V:${V} a /b", "owner: \"v:v\""},
    {"COPY --chmod=$MODE a /b", "mode: 0640"},
    {"COPY --chown=$EMPTY a /b", "history: \"COPY a /b # buildkit\""},
    {"COPY a $EMPTY", "to: \"/\""},
    {"ENV W=$V", "history: \"ENV W=v\""},
    {"ENV $V=w", "history: \"ENV v=w\""},
    {"ENV W $V w", "history: \"ENV W=v w\""},
    {"EXPOSE $PORTS", "history: \"EXPOSE [80/tcp 90/udp]\""},
    {"EXPOSE 7${NONE:-0}", "history: \"EXPOSE [70/tcp]\""},
    {"LABEL l=$V", "history: \"LABEL l=v\""},
    {"LABEL $V=l", "history: \"LABEL v=l\""},
    {"STOPSIGNAL $SIGNAL", "history: \"STOPSIGNAL SIGINT\""},
    {"USER $V:$V", "history: \"USER v:v\""},
    {"VOLUME /$V /x", "history: \"VOLUME [/v /x]\""},
    {"VOLUME [\"/$TWO\"]", "history: \"VOLUME [/a b]\""},
    {"WORKDIR /$V/${V}w", "directory: \"/v/vw\""},
    {"ARG A=$V", "history: \"ARG A=v\""},
};

const Row verbatim[] = {
    {"ARG $V=a", "history: \"ARG $V=a\""},
    {"RUN echo $V", "argv: \"/bin/sh\" \"-c\" \"echo $V\""},
    {"RUN [\"$V\"]", "argv: \"$V\""},
    {"RUN echo \"$V\" '\\$V'", "argv: \"/bin/sh\" \"-c\" \"echo \\\"$V\\\" '\\\\$V'\""},
    {"CMD echo $V", "history: \"CMD [\\\"/bin/sh\\\" \\\"-c\\\" \\\"echo $V\\\"]\""},
    {"CMD [\"$V\"]", "history: \"CMD [\\\"$V\\\"]\""},
    {"ENTRYPOINT [\"$V\"]", "history: \"ENTRYPOINT [\\\"$V\\\"]\""},
    {"ENTRYPOINT exec $V", "\\\"exec $V\\\"]\""},
    {"HEALTHCHECK CMD test $V", "Test:[CMD-SHELL test $V]"},
    {"HEALTHCHECK CMD [\"$V\"]", "Test:[CMD $V]"},
    {"SHELL [\"$V\", \"-c\"]", "history: \"SHELL [$V -c]\""},
    {"MAINTAINER $V", "history: \"MAINTAINER $V\""},
    {"ONBUILD RUN echo $V", "effect: ONBUILD [\"RUN echo $V\"]"},
    {"ONBUILD ENV W=$V", "effect: ONBUILD [\"ENV W=$V\"]"},
};

std::optional<std::string> variable(const Plan& plan, std::string_view name) {
  return oci::find_env(final_config(plan).env, name);
}

}  // namespace

TEST_CASE("instructions that take words expand them") {
  for (const Row& row : expanding) {
    CAPTURE(std::string(row.instruction));
    const std::string printed = printed_step(row.instruction);
    CHECK_MESSAGE(contains(printed, row.expected), printed);
  }
}

TEST_CASE("instructions whose text is for a shell keep it as it stands") {
  for (const Row& row : verbatim) {
    CAPTURE(std::string(row.instruction));
    const std::string printed = printed_step(row.instruction);
    CHECK_MESSAGE(contains(printed, row.expected), printed);
  }
}

TEST_CASE("documents of COPY are expanded unless their terminator is quoted") {
  CHECK(contains(printed_step("COPY <<E /x\n'$V' \"${V}\" \\$V\nE"), R"('v' \"v\" $V\n)"));
  CHECK(contains(printed_step("COPY <<'E' /x\n$V\nE"), R"("$V\n")"));
  CHECK(contains(printed_step("ADD <<-E /x\n\t$V\n\tE"), R"("v\n")"));
  CHECK(contains(printed_step("RUN <<E\necho $V\nE"), R"("echo $V\n")"));
}

TEST_CASE("a literal dollar needs the escape character of the file") {
  CHECK(contains(printed_step("LABEL l=\\$V"), "history: \"LABEL l=$V\""));
  CHECK(contains(printed_step("LABEL l=`$V", '`'), "history: \"LABEL l=$V\""));
  CHECK(contains(printed_step("LABEL l=\\$V", '`'), "history: \"LABEL l=\\\\v\""));
  CHECK(contains(printed_step("LABEL l='$V'"), "history: \"LABEL l=$V\""));
  CHECK(contains(printed_step("COPY <<E /x\n`$V\nE", '`'), R"("`v\n")"));
}

TEST_CASE("all of an instruction sees the variables as they were before it") {
  const auto plan = plan_of(
      "FROM busybox\nENV who=old\nENV who=new seen=$who chain=$seen\nENV "
      "after=$who-$seen-$chain\n");
  CHECK(variable(plan, "seen") == "old");
  CHECK(variable(plan, "chain") == "");
  CHECK(variable(plan, "after") == "new-old-");
}

TEST_CASE("a required variable stops the plan with its own words") {
  const std::string error = error_of("FROM busybox\nLABEL a=1 \\\n  b=\"${TAG:?give one}\"\n");
  CHECK(contains(error, "Dockerfile:2: "));
  CHECK(contains(error, "TAG: give one"));
  CHECK(contains(error_of("ARG B\nFROM ${B:?needed}\n"), "B: needed"));
}

TEST_CASE("a name may come out empty") {
  CHECK(final_config(plan_of("FROM busybox\nENV $NONE=x\n")).env.back() == "=x");
  CHECK(final_config(plan_of("FROM busybox\nLABEL \"\"=x\n")).labels.at("") == "x");
}

TEST_CASE("COPY --from takes no variable and an empty one is none") {
  CHECK(contains(error_of("ARG B=busybox\nFROM busybox\nCOPY --from=$B a b\n"),
                 "variables are not expanded here"));
  const auto plan = plan_of("FROM busybox\nCOPY --from= a b\n");
  CHECK(std::holds_alternative<FromContext>(last_operation<CopyFiles>(plan).origin));
}

}  // namespace strata::plan
