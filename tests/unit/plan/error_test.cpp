// What is refused before any step, and how it is said.

#include <doctest/doctest.h>

#include "unit/plan/plan_fixture.hpp"

namespace strata::plan {

namespace {

struct ErrorCase {
  const char* instructions;  ///< after FROM busybox AS first, in line 1
  int line;
  const char* message;  ///< a part of it
};

const ErrorCase cases[] = {
    {"RUN --mount=type=cache,target=/ y", 2, "--mount: nothing can be mounted on \"/\""},
    {"RUN --device=gpu x", 2, "--device: \"gpu\" is no device's name"},
    {"ADD --checksum=sha256:1 a b", 2, "only files from a URL or a repository have one"},
    {"ADD --checksum=sha256:1 http://x/y /z", 2, "--checksum=sha256:1 is no checksum of a file"},
    {"ADD --checksum=xyz git@h:a/b.git /z", 2, "expected the hex digits of a commit id"},
    {"ADD --checksum=a http://x/y c /z/", 2, "--checksum says what one source has to be"},
    {"ADD http://x/ /z/", 2, "names no file that could be put into a directory"},
    {"ADD http://x/.. /z/", 2, "names no file that could be put into a directory"},
    {"ADD [\"http://x/a b\", \"/z\"]", 2, "is no URL"},
    {"ADD https://me:secret@x/y.git#-a /z", 2, "https://xxxxx@x/y.git#-a"},
    {"COPY https://me:secret@x/y /z", 2, "COPY https://xxxxx@x/y: COPY takes local files only"},
    {"FROM --platform=linux/s390x busybox", 2, "is for linux/amd64, not for linux/s390x"},
    {"FROM --platform=$NOPE busybox", 2, "--platform=$NOPE is empty"},
    {"FROM --platform=a/b/c/d busybox", 2, "a/b/c/d"},
    {"FROM bisybox", 2, "no image or earlier stage is called \"bisybox\" (did you mean busybox?)"},
    {"FROM frist", 2, "(did you mean first?)"},
    {"FROM $NOPE", 2, "FROM $NOPE names nothing: the variable is empty"},
    {"FROM ${NOPE:?say which}", 2, "say which"},
    {"COPY --from=frist a b", 2, "no image or earlier stage is called \"frist\""},
    {"COPY --from=first a b", 2, "a stage cannot take files from itself"},
    {"COPY --from=0 a b", 2, "a stage cannot take files from itself"},
    {"COPY --from=7 a b", 2, "there is no stage of this index"},
    {"COPY --from=$X a b", 2, "--from"},
    {"COPY --from=scratch a b", 2, "scratch has no files"},
    {"COPY --chown=a:b:c a b", 2, "--chown=a:b:c names more than an owner"},
    {"COPY --chown=app:2147483648 a b", 2, "2147483648 is no id"},
    {"ADD --chown=99999999999999999999 a b", 2, "99999999999999999999 is no id"},
    {"COPY --chmod=u=q a b", 2, "--chmod=u=q is no mode (write octal digits"},
    {"COPY --exclude=[ a b", 2, "--exclude: malformed pattern \"[\""},
    {"COPY http://x/y /z", 2, "ADD takes files from elsewhere"},
    {"COPY <<EOF a <<EOF2\nx\nEOF\ny\nEOF2", 2, "heredoc"},
    {"EXPOSE 65536", 2, "port 65536 is above 65535"},
    {"EXPOSE 9-8", 2, "the range ends before it begins"},
    {"EXPOSE http", 2, "\"http\" is no port number"},
    {"EXPOSE 80/icmp", 2, "unknown protocol \"icmp\""},
    {"EXPOSE 1.2.3.4:5-6:7-9", 2, "differ in length"},
    {"EXPOSE 1.2.3:80:80", 2, "\"1.2.3\" is no IP address"},
    {"STOPSIGNAL SIGNOPE", 2, "is no signal"},
    {"STOPSIGNAL 0", 2, "is no signal"},
    {"STOPSIGNAL 65", 2, "is no signal"},
    {"VOLUME $NOPE", 2, "the path is empty"},
    {"ENV A=${", 2, "${"},
    {"LABEL a=${B:?missing}", 2, "missing"},
    {"\n\nWORKDIR ${x", 4, "${x"},
    {"RUN []", 2, "RUN"},
    {"SHELL []", 2, "SHELL"},
};

}  // namespace

TEST_CASE("mistakes are refused before any step and at their line") {
  for (const auto& row : cases) {
    CAPTURE(row.instructions);
    const auto message = error_of(cat("FROM busybox AS first\n", row.instructions, "\n"));
    CAPTURE(message);
    CHECK(contains(message, cat("Dockerfile:", row.line, ": ")));
    CHECK(contains(message, row.message));
    CHECK(contains(message, cat(row.line, " | >>> ")));
  }
}

TEST_CASE("a stage that comes later cannot be taken from") {
  const auto message =
      error_of("FROM busybox AS a\nCOPY --from=b x /\nFROM a AS b\n", fixed_options());
  CHECK(contains(message, "Dockerfile:2: --from=b: this stage begins later, at line 3"));
}

TEST_CASE("all that is wrong with one COPY is said at once") {
  const auto message = error_of("FROM busybox\nCOPY --from=9 --chmod=99 --chown=a:b:c a ${b\n");
  for (const auto* part : {"--from=9", "--chmod=99", "--chown=a:b:c", "${b"}) {
    CHECK(contains(message, part));
  }
}

TEST_CASE("all mistakes of all needed stages are said at once and in order of lines") {
  try {
    plan_of(
        "FROM nope AS a\nSTOPSIGNAL x\nRUN --mount=type=cache,target=/ y\nFROM a\nEXPOSE "
        "99999\nCOPY --from=9 b "
        "c\n");
    FAIL("planned");
  } catch (const dockerfile::SourceError& error) {
    std::vector<int> lines;
    for (const auto& finding : error.findings()) lines.push_back(finding.lines.first_line);
    CHECK(lines == std::vector<int>{1, 2, 3, 5, 6});
    CHECK(error.kind() == ErrorKind::dockerfile);
  }
}

TEST_CASE("a stage that is not needed may have mistakes") {
  CHECK(error_of("FROM nope\nSTOPSIGNAL x\nFROM busybox\nRUN y\n").empty());
}

TEST_CASE("the structure is checked before anything is looked up") {
  CHECK(contains(error_of("FROM busybox\nRNU x\n"), "Dockerfile:2: "));
  CHECK(contains(error_of("RUN x\nFROM busybox\n"), "Dockerfile:1: "));
}

TEST_CASE("mistakes in global arguments are placed") {
  CHECK(contains(error_of("ARG A=${\nFROM busybox\n"), "Dockerfile:1: "));
}

TEST_CASE("an error that is not the author's passes through as it is") {
  class Broken : public FakeImages {
    std::shared_ptr<const oci::Image> find(const std::string&, const oci::Platform&) override {
      fail(ErrorKind::corrupt, "broken store");
    }
  };
  Broken images;
  try {
    make_plan(dockerfile::parse("FROM x\n", "f"), fixed_options(), images);
    FAIL("planned");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::corrupt);
  }
}

}  // namespace strata::plan
