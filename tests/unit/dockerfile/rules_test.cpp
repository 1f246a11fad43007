// Flags and arguments of single instructions.
#include "strata/dockerfile/rules.hpp"

#include <doctest/doctest.h>

#include "strata/dockerfile/flags.hpp"
#include "strata/dockerfile/parse.hpp"

namespace strata::dockerfile {
namespace {

/// The first mistake, or nothing.
std::string mistake_of(const std::string& line) {
  const auto findings = check_instruction(parse_instruction(line));
  return findings.empty() ? "" : findings[0].message;
}

std::string suggestion_for(const std::string& line) {
  const auto findings = check_instruction(parse_instruction(line));
  return findings.empty() ? "" : findings[0].suggestion;
}

}  // namespace

TEST_CASE("well formed instructions pass") {
  const char* lines[] = {
      "ADD --chown=a --chmod=644 --link --keep-git-dir --checksum=sha256:x --unpack --exclude=a a "
      "b",
      "ARG a",
      "CMD",
      "CMD []",
      "CMD x",
      "COPY --from=a --chown=a --chmod=1 --link --parents --exclude=a --exclude=b a b",
      "COPY <<EOF /x\nEOF",
      "ENTRYPOINT []",
      "ENTRYPOINT",
      "ENV a=b c=d",
      "ENV a b",
      "EXPOSE 80 90/udp",
      "FROM --platform=$BUILDPLATFORM a AS b",
      "HEALTHCHECK NONE",
      "healthcheck none",
      "HEALTHCHECK --interval=5s --timeout=0 --start-period=1m --start-interval=1ms --retries=3 "
      "CMD x",
      "HEALTHCHECK CMD [\"a\"]",
      "LABEL a=b",
      "MAINTAINER me",
      "ONBUILD RUN x",
      "RUN --mount=type=cache,target=/x --mount=target=/y --network=none --security=insecure x",
      "RUN --device=vendor.com/class=dev x",
      "RUN <<EOF\nEOF",
      "SHELL [\"sh\"]",
      "STOPSIGNAL 9",
      "USER a",
      "VOLUME a b",
      "VOLUME [\"a\"]",
      "WORKDIR a b",
  };
  for (const char* line : lines) {
    CAPTURE(std::string(line));
    CHECK(mistake_of(line) == "");
  }
}

TEST_CASE("every flag is known by its own instruction only") {
  for (const FlagRule& rule : flag_rules()) {
    Instruction instruction;
    instruction.keyword = rule.keyword;
    instruction.flags = {{std::string(rule.name), "true"}};
    CHECK(check_flags(instruction).empty());
    instruction.keyword = Keyword::label;
    CHECK(check_flags(instruction).size() == 1);
  }
}

TEST_CASE("flags have values of their kind and are given once") {
  CHECK(mistake_of("COPY --link=TRUE a b").empty());
  CHECK(mistake_of("COPY --link=false a b").empty());
  CHECK(mistake_of("COPY --link= a b") == "missing a value on flag: --link");
  CHECK(mistake_of("COPY --link=yes a b") ==
        "expecting boolean value for flag --link, not: \"yes\"");
  CHECK(mistake_of("COPY --chown a b") == "missing a value on flag: --chown");
  CHECK(mistake_of("COPY --chown= a b").empty());
  CHECK(mistake_of("COPY --exclude a b") == "missing a value on flag: --exclude");
  CHECK(mistake_of("COPY --link --link a b") == "duplicate flag specified: --link");
  CHECK(mistake_of("COPY --from=a --from=b a b") == "duplicate flag specified: --from");
  CHECK(mistake_of("COPY --FROM=a b c") == "unknown flag: --FROM");
}

TEST_CASE("a near miss of a flag is suggested") {
  CHECK(suggestion_for("COPY --form=a b c") == "did you mean --from?");
  CHECK(suggestion_for("RUN --mout=x y") == "did you mean --mount?");
  CHECK(suggestion_for("USER --x y") == "USER takes no flags");
  CHECK(suggestion_for("FROM --zzzzzzzzz a") == "FROM takes --platform");
}

TEST_CASE("values of flags are typed") {
  const Instruction copy =
      parse_instruction("COPY --link --parents=False --from=x --exclude=a --exclude=b a b");
  CHECK(find_boolean_flag(copy, "link") == true);
  CHECK(find_boolean_flag(copy, "parents") == false);
  CHECK(find_boolean_flag(copy, "other") == std::nullopt);
  CHECK(find_flag(copy, "from") == "x");
  CHECK(find_flag(copy, "chown") == std::nullopt);
  CHECK(flag_values(copy, "exclude") == std::vector<std::string>{"a", "b"});
  CHECK(has_flag(copy, "link"));
  CHECK(!has_flag(copy, "chmod"));
}

TEST_CASE("times and counts of health checks are checked") {
  CHECK(mistake_of("HEALTHCHECK --interval=5 CMD x") == "invalid duration \"5\" for --interval");
  CHECK(mistake_of("HEALTHCHECK --timeout=1us CMD x") == "--timeout cannot be less than 1ms");
  CHECK(mistake_of("HEALTHCHECK --timeout=-1s CMD x") == "--timeout cannot be less than 1ms");
  CHECK(mistake_of("HEALTHCHECK --retries=-1 CMD x") == "--retries cannot be negative (-1)");
  CHECK(mistake_of("HEALTHCHECK --retries=a CMD x") == "invalid number \"a\" for --retries");
  CHECK(mistake_of("HEALTHCHECK --retries=9999999999 CMD x") ==
        "invalid number \"9999999999\" for --retries");
}

TEST_CASE("a trigger is checked where it is stored") {
  CHECK(mistake_of("ONBUILD FROM a") == "FROM isn't allowed as an ONBUILD trigger");
  CHECK(mistake_of("ONBUILD maintainer a") == "MAINTAINER isn't allowed as an ONBUILD trigger");
  CHECK(mistake_of("ONBUILD ONBUILD RUN a") ==
        "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
  CHECK(mistake_of("ONBUILD COYP a b") == "unknown instruction: COYP");
  CHECK(mistake_of("ONBUILD COPY a") ==
        "COPY requires at least two arguments, but only one was provided. Destination could not be "
        "determined");
}

}  // namespace strata::dockerfile
