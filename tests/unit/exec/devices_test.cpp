#include "exec/devices.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <fstream>

#include "strata/base/error.hpp"
#include "unit/store/temporary_store.hpp"

using namespace strata;
using namespace strata::exec;

namespace {

constexpr const char* graphics = R"({
  "cdiVersion": "0.6.0",
  "kind": "vendor.com/gpu",
  "containerEdits": {"env": ["SHARED=yes", "WHICH=none"]},
  "devices": [
    {"name": "0", "containerEdits": {
      "env": ["WHICH=zero"],
      "deviceNodes": [{"path": "/dev/mine", "hostPath": "/dev/zero", "fileMode": 384, "uid": 7},
                      {"path": "/dev/null"}],
      "mounts": [{"hostPath": "/usr/lib/x", "containerPath": "/opt/x", "options": ["ro", "bind"]}]}},
    {"name": "1", "containerEdits": {"env": ["WHICH=one"]}},
    {"name": "hooked", "containerEdits": {"hooks": [{"hookName": "createContainer", "path": "/x"}]}}
  ]})";

struct Directories {
  store::TemporaryDirectory first;
  store::TemporaryDirectory second;

  Directories() { std::ofstream(first / "gpu.json") << graphics; }

  sandbox::Spec with(const std::string& name, bool required = true) const {
    sandbox::Spec spec;
    const plan::Device device{name, required};
    add_devices(std::span(&device, 1), {"/nowhere/at/all", first.path(), second.path()}, spec);
    return spec;
  }
};

}  // namespace

TEST_CASE("a device brings its nodes and mounts and variables") {
  const sandbox::Spec spec = Directories().with("vendor.com/gpu=0");
  CHECK(spec.env == std::vector<std::string>{"SHARED=yes", "WHICH=zero"});
  REQUIRE(spec.devices.size() == 2);
  CHECK(spec.devices[0].path == "/dev/mine");
  CHECK(spec.devices[0].mode == (S_IFCHR | 0600));
  CHECK(spec.devices[0].number == makedev(1, 5));
  CHECK(spec.devices[0].uid == 7);
  CHECK(spec.devices[1].number == makedev(1, 3));
  REQUIRE(spec.mounts.size() == 1);
  CHECK(spec.mounts[0].source == "/usr/lib/x");
  CHECK(spec.mounts[0].target == "/opt/x");
  CHECK(spec.mounts[0].read_only);
}

TEST_CASE("a kind alone means one device and a star means all") {
  Directories directories;
  CHECK(directories.with("vendor.com/gpu").env.back() == "WHICH=zero");
  std::ofstream(directories.second / "nic.json")
      << R"({"kind": "v/nic", "devices": [{"name": "a", "containerEdits": {"env": ["A=1"]}},
             {"name": "b", "containerEdits": {"env": ["B=1"]}}]})";
  CHECK(directories.with("v/nic=*").env == std::vector<std::string>{"A=1", "B=1"});
}

TEST_CASE("a later directory counts more") {
  Directories directories;
  std::ofstream(directories.second / "gpu.json") << R"({"kind": "vendor.com/gpu", "devices": [
             {"name": "1", "containerEdits": {"env": ["WHICH=later"]}}]})";
  CHECK(directories.with("vendor.com/gpu=1").env == std::vector<std::string>{"WHICH=later"});
  CHECK(directories.with("vendor.com/gpu=0").env.back() == "WHICH=zero");
}

TEST_CASE("a device that is not there is passed over unless it is required") {
  Directories directories;
  std::ofstream(directories.second / "more.yaml") << "kind: v/x\n";
  CHECK(directories.with("vendor.com/gpu=9", false).env.empty());
  try {
    directories.with("vendor.com/gpu=o");
    FAIL("it was found");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::not_found);
    const std::string text = error.what();
    CHECK(text.find("\"vendor.com/gpu=o\"") != std::string::npos);
    CHECK(text.find("did you mean \"vendor.com/gpu=0\"?") != std::string::npos);
  }
}

TEST_CASE("a specification may be YAML") {
  Directories directories;
  std::ofstream(directories.second / "nic.yaml") << R"(---
cdiVersion: 0.5.0
containerEdits:
  env:
  - SHARED=no
devices:
- containerEdits: &edits
    deviceNodes:
    - path: /dev/mine
      hostPath: /dev/zero
      fileMode: 0640
      gid: 5
  name: "0"
- {name: all, containerEdits: *edits}
kind: vendor.com/nic
)";
  std::ofstream(directories.second / "more.yml") << graphics;
  for (const char* name : {"vendor.com/nic=0", "vendor.com/nic=all"}) {
    const sandbox::Spec spec = directories.with(name);
    CHECK(spec.env == std::vector<std::string>{"SHARED=no"});
    REQUIRE(spec.devices.size() == 1);
    CHECK(spec.devices[0].number == makedev(1, 5));
    CHECK(spec.devices[0].mode == (S_IFCHR | 0640));
    CHECK(spec.devices[0].gid == 5);
  }
  CHECK(directories.with("vendor.com/gpu=1").env.back() == "WHICH=one");
  std::ofstream(directories.first / "bad.yaml") << "kind: a\n b: c\n";
  CHECK_THROWS_WITH_AS(directories.with("vendor.com/gpu=0"), doctest::Contains("bad.yaml:2"),
                       Error);
}

TEST_CASE("a device with hooks and a specification that is none are refused") {
  Directories directories;
  CHECK_THROWS_WITH_AS(directories.with("vendor.com/gpu=hooked"), doctest::Contains("hooks"),
                       Error);
  std::ofstream(directories.second / "bad.json") << "{";
  CHECK_THROWS_WITH_AS(directories.with("vendor.com/gpu=0"), doctest::Contains("bad.json"), Error);
}
