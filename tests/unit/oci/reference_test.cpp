#include "strata/oci/reference.hpp"

#include <doctest/doctest.h>

#include "strata/base/error.hpp"

using namespace strata;
using namespace strata::oci;

namespace {

const std::string digest = "sha256:" + std::string(64, 'a');

}  // namespace

TEST_CASE("short names get Docker's defaults") {
  CHECK(canonical_name(parse_reference("busybox")) == "docker.io/library/busybox:latest");
  CHECK(canonical_name(parse_reference("diamol/node:2")) == "docker.io/diamol/node:2");
  CHECK(canonical_name(parse_reference("docker.io/busybox")) == "docker.io/library/busybox:latest");
  CHECK(canonical_name(parse_reference("index.docker.io/a/b")) == "docker.io/a/b:latest");
}

TEST_CASE("a first component is a host if it has a dot or a port or capitals or is localhost") {
  CHECK(parse_reference("localhost/app").domain == "localhost");
  CHECK(parse_reference("localhost:5000/app:1").domain == "localhost:5000");
  CHECK(parse_reference("reg.example/team/app").path == "team/app");
  CHECK(parse_reference("[::1]:5000/app").domain == "[::1]:5000");
  CHECK(parse_reference("team/app").domain == "docker.io");
  CHECK(parse_reference("HOST/app").domain == "HOST");
}

TEST_CASE("a digest stands without a tag and beside one") {
  CHECK(parse_reference("app@" + digest).tag.empty());
  CHECK(canonical_name(parse_reference("app:1@" + digest)) == "docker.io/library/app:1@" + digest);
}

TEST_CASE("the familiar and the canonical form are read back as the same name") {
  for (const std::string& text :
       {std::string("busybox"), std::string("a/b:c"), std::string("localhost/x"), "app@" + digest,
        std::string("r.example:80/a/b/c:1.2-3_x"), std::string("library/a/b"),
        std::string("docker.io/library/busybox"), "a__b/c--d.e:t@" + digest}) {
    const Reference reference = parse_reference(text);
    CHECK(parse_reference(familiar_name(reference)) == reference);
    CHECK(parse_reference(canonical_name(reference)) == reference);
  }
  CHECK(familiar_name(parse_reference("docker.io/library/busybox:1")) == "busybox:1");
  CHECK(familiar_repository(parse_reference("r.example/a:1")) == "r.example/a");
}

TEST_CASE("what is no name is refused as misuse") {
  for (const std::string& text : {std::string(""),
                                  std::string(":tag"),
                                  std::string("App"),
                                  std::string("a:"),
                                  std::string("a//b"),
                                  std::string("/a"),
                                  std::string("a/"),
                                  std::string("a:b:c"),
                                  std::string("a..b"),
                                  std::string("a___b"),
                                  std::string("-a"),
                                  std::string("a-"),
                                  std::string("a:-t"),
                                  std::string("a@sha256:12"),
                                  std::string("../etc"),
                                  std::string("a/../b"),
                                  std::string("r.example:x/a"),
                                  std::string("a b"),
                                  std::string(64, 'f'),
                                  std::string(300, 'x'),
                                  "a:" + std::string(129, 't'),
                                  std::string("[::1/a"),
                                  std::string("a.-b/c"),
                                  std::string("a\0b", 3)}) {
    CAPTURE(text);
    try {
      parse_reference(text);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::usage);
    }
  }
}
