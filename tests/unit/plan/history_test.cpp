#include "plan/history.hpp"

#include <doctest/doctest.h>

#include "unit/plan/plan_fixture.hpp"

namespace strata::plan {

namespace {

struct HistoryCase {
  const char* instructions;  ///< after FROM app, whose WORKDIR is /app
  const char* created_by;    ///< of the last one
};

const HistoryCase cases[] = {
    {"RUN make  all", "RUN /bin/sh -c make  all # buildkit"},
    {"RUN a \\\n  && b", "RUN /bin/sh -c a   && b # buildkit"},
    {"RUN [\"a\", \"b c\"]", "RUN a b c # buildkit"},
    {"ARG A=1\nARG B=2\nRUN cmd", "RUN |2 A=1 B=2 /bin/sh -c cmd # buildkit"},
    {"ARG A\nRUN cmd", "RUN |1 A= /bin/sh -c cmd # buildkit"},
    {"ARG A=1\nARG A=2\nRUN cmd", "RUN |1 A=2 /bin/sh -c cmd # buildkit"},
    {"ENV A=env\nARG A=arg\nRUN cmd", "RUN |1 A=env /bin/sh -c cmd # buildkit"},
    {"SHELL [\"/bin/bash\", \"-c\"]\nRUN x", "RUN /bin/bash -c x # buildkit"},
    {"RUN --network=none x", "RUN /bin/sh -c x # buildkit"},
    {"RUN <<EOF\na\nb\nEOF", "RUN /bin/sh -c a\nb\n # buildkit"},
    {"COPY a b", "COPY a b # buildkit"},
    {"COPY a b c/", "COPY a b c/ # buildkit"},
    {"COPY [\"a b\", \"c\"]", "COPY a b c # buildkit"},
    {"ARG D=/x\nCOPY --chmod=644 --chown=1:2 $D $D.d",
     "COPY --chown=1:2 --chmod=644 /x /x.d # buildkit"},
    {"COPY --link --exclude=*.o a b", "COPY a b # buildkit"},
    {"COPY --chmod=g=u --parents x/./a b", "COPY --parents --chmod=g=u x/./a b # buildkit"},
    {"COPY --from=busybox /bin/sh /sh", "COPY /bin/sh /sh # buildkit"},
    {"COPY <<A x /d/\nbody\nA", "COPY x <<A /d/ # buildkit"},
    {"ADD a.tar /", "ADD a.tar / # buildkit"},
    {"WORKDIR x", "WORKDIR /app/x"},
    {"WORKDIR /", "WORKDIR /"},
    {"ENV A=\"b c\" D=e", "ENV A=b c D=e"},
    {"ENV A b c", "ENV A=b c"},
    {"ARG A", "ARG A"},
    {"ARG A=1 B", "ARG A=1 B"},
    {"LABEL a=b \"c d\"=e", "LABEL a=b c d=e"},
    {"EXPOSE 80", "EXPOSE [80/tcp]"},
    {"EXPOSE 443 80/udp 1-2", "EXPOSE [1/tcp 2/tcp 443/tcp 80/udp]"},
    {"CMD [\"sh\"]", "CMD [\"sh\"]"},
    {"CMD echo \"hi\"\t", "CMD [\"/bin/sh\" \"-c\" \"echo \\\"hi\\\"\"]"},
    {"CMD []", "CMD []"},
    {"ENTRYPOINT [\"a\", \"b\"]", "ENTRYPOINT [\"a\" \"b\"]"},
    {"SHELL [\"a\", \"b\"]", "SHELL [a b]"},
    {"USER a:b", "USER a:b"},
    {"VOLUME /a /b", "VOLUME [/a /b]"},
    {"STOPSIGNAL 9", "STOPSIGNAL 9"},
    {"MAINTAINER a b", "MAINTAINER a b"},
    {"HEALTHCHECK --interval=1m30s CMD x y",
     "HEALTHCHECK {Test:[CMD-SHELL x y] Interval:1m30s Timeout:0s StartPeriod:0s StartInterval:0s "
     "Retries:0}"},
    {"HEALTHCHECK NONE",
     "HEALTHCHECK {Test:[NONE] Interval:0s Timeout:0s StartPeriod:0s StartInterval:0s Retries:0}"},
    {"ONBUILD RUN x", ""},
};

}  // namespace

TEST_CASE("the history says of each instruction what BuildKit says") {
  for (const auto& row : cases) {
    CAPTURE(row.instructions);
    const auto plan = plan_of(cat("FROM app\n", row.instructions, "\n"));
    CHECK(histories(plan).back() == row.created_by);
  }
}

TEST_CASE("durations are written as Go writes them") {
  struct {
    std::int64_t nanoseconds;
    const char* text;
  } const rows[] = {{0, "0s"},
                    {1, "1ns"},
                    {1'500, "1.5µs"},
                    {1'000'000, "1ms"},
                    {500'000'000, "500ms"},
                    {1'000'000'000, "1s"},
                    {1'050'000'000, "1.05s"},
                    {90'000'000'000, "1m30s"},
                    {3'600'000'000'000, "1h0m0s"},
                    {86'400'000'000'000, "24h0m0s"}};
  for (const auto& row : rows) CHECK(go_duration(row.nanoseconds) == row.text);
}

TEST_CASE("quoted texts are escaped as Go escapes them") {
  CHECK(go_quoted("") == "\"\"");
  CHECK(go_quoted("a\"b\\c") == "\"a\\\"b\\\\c\"");
  CHECK(go_quoted("\a\b\f\n\r\t\v\x01\x7f") == "\"\\a\\b\\f\\n\\r\\t\\v\\x01\\x7f\"");
  CHECK(go_quoted("é") == "\"é\"");
}

TEST_CASE("effects that differ are never one text") {
  const auto effect = [](const char* instruction) {
    return last_operation<EditConfig>(plan_of(cat("FROM busybox\n", instruction, "\n"))).effect;
  };
  CHECK(effect("ENV A=b C=d") != effect("ENV A=\"b C=d\""));
  CHECK(effect("CMD [\"a b\"]") != effect("CMD [\"a\", \"b\"]"));
  CHECK(effect("CMD [\"a\"]") != effect("ENTRYPOINT [\"a\"]"));
  CHECK(effect("VOLUME /a /b") != effect("VOLUME [\"/a /b\"]"));
  CHECK(effect("HEALTHCHECK --interval=1s CMD x") != effect("HEALTHCHECK --timeout=1s CMD x"));
  CHECK(effect("LABEL a=1") == effect("LABEL \"a\"='1'"));
}

}  // namespace strata::plan
