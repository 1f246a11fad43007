#include "cli/emulators.hpp"

#include <doctest/doctest.h>

#include "unit/scratch_directory.hpp"

namespace strata::cli {

TEST_CASE("emulators count if they are enabled and the kernel keeps them open") {
  const test::ScratchDirectory folder;
  folder.write("qemu-aarch64",
               "enabled\ninterpreter /usr/bin/qemu-aarch64-static\nflags: PF\noffset 0\n");
  folder.write("qemu-riscv64", "disabled\ninterpreter /usr/bin/qemu-riscv64-static\nflags: F\n");
  folder.write("qemu-s390x", "enabled\ninterpreter /usr/bin/qemu-s390x-static\nflags: OC\n");
  folder.write("qemu-arm", "enabled\nflags: OCF\n");
  folder.write("python3.11", "enabled\nflags: F\n");
  const std::vector<oci::Platform> expected{{"linux", "arm64", ""}, {"linux", "arm", ""}};
  CHECK(emulated_platforms(folder.path()) == expected);
}

TEST_CASE("without binfmt_misc there are no emulators") {
  const test::ScratchDirectory folder;
  CHECK(emulated_platforms(folder.path()).empty());
  CHECK(emulated_platforms(folder.path() + "/none").empty());
}

}  // namespace strata::cli
