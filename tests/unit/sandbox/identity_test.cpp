#include "sandbox/identity.hpp"

#include <sys/syscall.h>

#include <cerrno>

#include "unit/sandbox/busybox_root.hpp"

using namespace strata;
using namespace strata::sandbox;

namespace {

constexpr const char* docker_set = "00000000a80425fb";
constexpr const char* empty_set = "0000000000000000";

std::string value_of(const std::string& status, const std::string& key) {
  const auto at = status.find(key + ":\t");
  REQUIRE(at != std::string::npos);
  const auto begin = at + key.size() + 2;
  return status.substr(begin, status.find('\n', begin) - begin);
}

std::string status_of(const Spec& spec) {
  Sandbox sandbox;
  return run(sandbox, spec).out;
}

}  // namespace

TEST_CASE("root has Docker's capabilities and hands none on") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  const std::string status = status_of(root.spec({"cat", "/proc/self/status"}));
  CHECK(value_of(status, "CapInh") == empty_set);
  CHECK(value_of(status, "CapPrm") == docker_set);
  CHECK(value_of(status, "CapEff") == docker_set);
  CHECK(value_of(status, "CapBnd") == docker_set);
  CHECK(value_of(status, "CapAmb") == empty_set);
  CHECK(value_of(status, "NoNewPrivs") == "0");
  CHECK(value_of(status, "Seccomp") == "2");
}

TEST_CASE("an ordinary user has no capability but can become root by a program of root's") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  for (const char* name : {"plain", "setuid"}) {
    fs::copy_file(STRATA_SANDBOX_PROBE, root.base() / "bin" / name);
  }
  chmod((root.base() / "bin/setuid").c_str(), 04755);
  const std::string call = cat(" ", SYS_setuid, " 0");
  Spec spec = root.shell("cat /proc/self/status; plain" + call + "; setuid" + call);
  spec.identity = {1000, 1001, {1002, 1003}};
  const std::string status = status_of(spec);
  CHECK(value_of(status, "Uid") == "1000\t1000\t1000\t1000");
  CHECK(value_of(status, "Gid") == "1001\t1001\t1001\t1001");
  CHECK(trim(value_of(status, "Groups")) == "1002 1003");
  CHECK(value_of(status, "CapPrm") == empty_set);
  CHECK(value_of(status, "CapEff") == empty_set);
  CHECK(value_of(status, "CapBnd") == docker_set);
  CHECK(status.ends_with(cat("\n", EPERM, "\n0\n")));
}

TEST_CASE("no group of the engine's is left") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  CHECK(trim(value_of(status_of(root.spec({"cat", "/proc/self/status"})), "Groups")).empty());
}

TEST_CASE("an ordinary user can open its standard streams by name") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Sandbox sandbox;
  Spec spec = root.shell("echo out >/dev/stdout; echo err >/dev/stderr");
  spec.identity = {1000, 1000, {}};
  const Result result = run(sandbox, spec);
  CHECK(result.out == "out\n");
  CHECK(result.err == "err\n");
}

TEST_CASE("a privileged process keeps every capability and has no filter") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Spec spec = root.spec({"cat", "/proc/self/status"});
  spec.privileged = true;
  const std::string status = status_of(spec);
  CHECK(value_of(status, "CapEff") == value_of(read_text("/proc/self/status"), "CapEff"));
  CHECK(value_of(status, "Seccomp") == "0");
}
