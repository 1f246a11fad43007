#include "strata/dockerfile/device.hpp"

#include <doctest/doctest.h>

#include "strata/base/error.hpp"

namespace strata::dockerfile {

namespace {

std::string mistake_of(std::string_view text) {
  try {
    parse_device(text);
    return {};
  } catch (const Error& error) {
    return error.message();
  }
}

}  // namespace

TEST_CASE("a device is a name and whether it is required") {
  CHECK(parse_device("vendor1.com/device=foo") == DeviceSpec{"vendor1.com/device=foo", false});
  CHECK(parse_device("vendor1.com/device") == DeviceSpec{"vendor1.com/device", false});
  CHECK(parse_device("v/c=*,required") == DeviceSpec{"v/c=*", true});
  CHECK(parse_device("required=1,NAME=v/c=0:1") == DeviceSpec{"v/c=0:1", true});
  CHECK(parse_device("name=v/c,required=false") == DeviceSpec{"v/c", false});
}

TEST_CASE("a device that is no CDI name or has unknown keys is refused") {
  for (const char* name : {"", "gpu", "/dev/fuse", "v/", "v/c=", "1v/c=x", "v/1c=x", "v/c=-x",
                           "v-/c=x", "v/c=a/b", "v/c=a b", "required"}) {
    CAPTURE(name);
    CHECK(mistake_of(name).find("is no device's name") != std::string::npos);
  }
  CHECK(mistake_of("v/c,requird") ==
        "--device: unexpected key \"requird\" in \"requird\" (did you mean required?)");
  CHECK(mistake_of("v/c,x=1").find("takes name and required") != std::string::npos);
  CHECK(mistake_of("v/c,name=v/d").find("said twice") != std::string::npos);
  CHECK(mistake_of("v/c,required=maybe").find("\"maybe\"") != std::string::npos);
}

}  // namespace strata::dockerfile
