#include "strata/output/spec.hpp"

#include <doctest/doctest.h>

#include "strata/base/error.hpp"

using namespace strata;
using namespace strata::output;

TEST_CASE("each form of -o means one thing") {
  OutputSpec spec = parse_output("type=oci,dest=a b.tar");
  CHECK(spec.type == OutputType::oci);
  CHECK(spec.destination == "a b.tar");
  CHECK_FALSE(spec.as_directory);
  spec = parse_output("dest=x,type=oci,tar=false");
  CHECK(spec.as_directory);
  spec = parse_output("out/dir");
  CHECK(spec.type == OutputType::local);
  CHECK(spec.as_directory);
  spec = parse_output("-");
  CHECK(spec.type == OutputType::tar);
  CHECK(spec.to_standard_output());
  spec = parse_output("type=docker,dest=-,name=app:1");
  CHECK(spec.names == std::vector{oci::parse_reference("app:1")});
}

TEST_CASE("a field in quotes may hold commas and quotes") {
  CHECK(parse_output(R"(type=tar,"dest=a,""b"".tar")").destination == "a,\"b\".tar");
  CHECK(parse_output(R"(type=oci,dest=x,"name=a,b")").names.size() == 2);
}

TEST_CASE("what -o does not know is refused with a way out") {
  struct Case {
    const char* text;
    const char* message;
  };
  for (const Case& wrong : {
           Case{"type=ocl,dest=x", "did you mean oci?"},
           Case{"type=oci,dst=x", "did you mean dest?"},
           Case{"type=oci", "needs dest=PATH, or dest=-"},
           Case{"type=local", "needs dest=PATH"},
           Case{"dest=x", "type=… is missing"},
           Case{"type=image,name=x", "not supported yet"},
           Case{"type=registry,dest=x", "takes name=… alone"},
           Case{"type=oci,dest=x,compression=zstd", "not supported yet"},
           Case{"type=oci,dest=x,tar=maybe", "neither true nor false"},
           Case{"type=docker,dest=x,tar=false", "only type=oci"},
           Case{"type=local,dest=-", "standard output"},
           Case{"type=tar,dest=x,name=a", "has no name"},
           Case{"type=oci,dest=x,name=A", "lower case"},
           Case{"type=oci,dest=x,", "option=value"},
           Case{"type=oci,\"dest=x", "quote"},
           Case{"", "needs dest"},
       }) {
    CAPTURE(wrong.text);
    try {
      parse_output(wrong.text);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::usage);
      CAPTURE(error.message());
      CHECK(error.message().find(wrong.message) != std::string::npos);
    }
  }
}
