#include "sandbox/namespaces.hpp"

#include "unit/sandbox/busybox_root.hpp"

using namespace strata;
using namespace strata::sandbox;

namespace {

std::string own(const std::string& kind) { return fs::read_symlink("/proc/self/ns/" + kind); }

std::string inside(const BusyboxRoot& root, const std::string& kind, Network network) {
  Sandbox sandbox;
  Spec spec = root.spec({"readlink", "/proc/self/ns/" + kind});
  spec.network = network;
  return std::string(trim(run(sandbox, spec).out));
}

}  // namespace

TEST_CASE("mount pid ipc uts and cgroup namespaces are always new") {
  STRATA_NEEDS_SANDBOX();
  for (const char* kind : {"mnt", "pid", "ipc", "uts", "cgroup"}) {
    CAPTURE(kind);
    BusyboxRoot root;
    const std::string found = inside(root, kind, Network::host);
    CHECK(found.starts_with(kind));
    CHECK(found != own(kind));
  }
}

TEST_CASE("the network is the host's or nothing but loopback") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  CHECK(inside(root, "net", Network::host) == own("net"));
  root.fresh_upper();
  CHECK(inside(root, "net", Network::none) != own("net"));
  root.fresh_upper();
  Sandbox sandbox;
  // Either side hangs up when its input ends, before anything arrived if the machine is busy: so
  // both try until something has.
  Spec spec = root.shell(
      "ls /sys/class/net; cat /sys/class/net/lo/flags; "
      "until [ -s /tmp/got ]; do nc -l -p 7777 >/tmp/got; done & "
      "until [ -s /tmp/got ]; do echo hello | nc 127.0.0.1 7777 2>/dev/null; sleep 0.05; done; "
      "wait; cat /tmp/got /etc/resolv.conf");
  spec.network = Network::none;
  CHECK(run(sandbox, spec).out == "lo\n0x9\nhello\n");
}

TEST_CASE("the host name is the one asked for and the host keeps its own") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Sandbox sandbox;
  const std::string before = read_text("/proc/sys/kernel/hostname");
  Spec spec = root.spec({"hostname"});
  spec.hostname = "buildhost";
  CHECK(run(sandbox, spec).out == "buildhost\n");
  CHECK(read_text("/proc/sys/kernel/hostname") == before);
}

TEST_CASE("only the sandbox's own processes are seen") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Sandbox sandbox;
  const Result result = run(sandbox, root.shell("echo $$; echo /proc/[0-9]*"));
  CHECK(result.out == "2\n/proc/1 /proc/2\n");
}

TEST_CASE("pid 1 cannot be looked into or killed from inside") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Sandbox sandbox;
  const Result result = run(
      sandbox, root.shell("readlink /proc/1/exe; cat /proc/1/environ; cat /proc/1/fd/3; kill -9 1; "
                          "kill -SEGV 1; sleep 0.1; echo alive"));
  CHECK(result.out == "alive\n");
}

TEST_CASE("a limit on processes holds") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Sandbox sandbox;
  const std::string before = read_text("/proc/sys/kernel/pid_max");
  Spec spec = root.shell(
      "cat /proc/sys/kernel/pid_max; i=0; while [ $i -lt 400 ]; do sleep 5 & "
      "i=$((i+1)); done");
  spec.pids_max = 310;
  const Result result = run(sandbox, spec);
  CHECK(result.out.starts_with("310\n"));
  CHECK(!result.report.status.ok());
  CHECK(read_text("/proc/sys/kernel/pid_max") == before);
}
