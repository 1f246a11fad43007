#include "sandbox/check.hpp"

#include <doctest/doctest.h>

#include "strata/base/error.hpp"

using namespace strata;
using namespace strata::sandbox;

namespace {

Spec good_spec() {
  Spec spec;
  spec.rootfs = {{"/lower"}, "/upper", "/work"};
  spec.scratch_dir = "/scratch";
  Mount mount;
  mount.source = "/source";
  mount.target = "/target";
  spec.mounts = {mount};
  spec.argv = {"true"};
  spec.env = {"A=b"};
  return spec;
}

/// True if a change to the good spec is refused.
template <class Change>
bool is_refused(const Change& change) {
  Spec spec = good_spec();
  change(spec);
  try {
    check_spec(spec);
    return false;
  } catch (const Error& error) {
    return error.kind() == ErrorKind::usage;
  }
}

const std::string with_zero("/a\0b", 4);

}  // namespace

TEST_CASE("absolute paths and plain texts pass") {
  CHECK_NOTHROW(check_spec(good_spec()));
  CHECK(!is_refused([](Spec& spec) { spec.rootfs.upper = spec.rootfs.work = ""; }));
  CHECK(!is_refused([](Spec& spec) { spec.mounts[0].source_fd = 5, spec.mounts[0].source = ""; }));
}

TEST_CASE("relative paths are refused") {
  CHECK(is_refused([](Spec& spec) { spec.rootfs.lowers[0] = "lower"; }));
  CHECK(is_refused([](Spec& spec) { spec.rootfs.upper = "upper"; }));
  CHECK(is_refused([](Spec& spec) { spec.rootfs.work = ""; }));
  CHECK(is_refused([](Spec& spec) { spec.scratch_dir = ""; }));
  CHECK(is_refused([](Spec& spec) { spec.cwd = "."; }));
  CHECK(is_refused([](Spec& spec) { spec.mounts[0].source = "source"; }));
  CHECK(is_refused([](Spec& spec) { spec.mounts[0].target = "target"; }));
}

TEST_CASE("layers of a mount are as those of the root") {
  CHECK(!is_refused([](Spec& spec) { spec.mounts[0].layers = {{"/a"}, "/upper", "/work"}; }));
  CHECK(is_refused([](Spec& spec) { spec.mounts[0].layers = {{"a"}, "/upper", "/work"}; }));
  CHECK(is_refused([](Spec& spec) { spec.mounts[0].layers = {{"/a"}, "/upper", ""}; }));
}

TEST_CASE("devices lie below /dev and are devices") {
  const auto refuses = [](const char* path, mode_t mode) {
    return is_refused([&](Spec& spec) { spec.devices = {{path, mode, 1, 0, 0}}; });
  };
  CHECK(!refuses("/dev/dri/card0", S_IFCHR));
  CHECK(!refuses("/dev/sda", S_IFBLK | 0600));
  for (const char* path : {"/dev", "/dev/..", "/dev/../etc/x", "/devx", "dev/x", "/etc/x"}) {
    CAPTURE(path);
    CHECK(refuses(path, S_IFCHR));
  }
  CHECK(refuses("/dev/x", S_IFREG));
}

TEST_CASE("zero bytes are refused") {
  CHECK(is_refused([](Spec& spec) { spec.argv = {with_zero}; }));
  CHECK(is_refused([](Spec& spec) { spec.env = {with_zero}; }));
  CHECK(is_refused([](Spec& spec) { spec.cwd = with_zero; }));
  CHECK(is_refused([](Spec& spec) { spec.mounts[0].target = with_zero; }));
}
