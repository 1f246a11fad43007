#include "sandbox/seccomp.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>
#include <set>

#include "sandbox/system_calls.hpp"
#include "unit/sandbox/busybox_root.hpp"

using namespace strata;
using namespace strata::sandbox;

namespace {

/// Makes system calls inside a sandbox.
class Prober {
 public:
  Prober() { fs::copy_file(STRATA_SANDBOX_PROBE, root_.base() / "bin/probe"); }

  Result run_probe(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "probe");
    root_.fresh_upper();
    return run(sandbox_, root_.spec(std::move(arguments)));
  }

  /// The errno of a call, 0 if it works.
  template <class... Arguments>
  int error_of(long number, Arguments... arguments) {
    return std::stoi(run_probe({cat(number), cat(static_cast<long>(arguments))...}).out);
  }

 private:
  BusyboxRoot root_;
  Sandbox sandbox_;
};

}  // namespace

TEST_CASE("calls that reach for the machine are denied with EPERM") {
  STRATA_NEEDS_SANDBOX();
  Prober probe;
  for (const long number :
       {SYS_mount, SYS_unshare, SYS_keyctl, SYS_bpf, SYS_setns, SYS_fsopen, SYS_open_by_handle_at,
        SYS_init_module, SYS_io_uring_setup, SYS_perf_event_open, SYS_reboot, SYS_pivot_root}) {
    CAPTURE(number);
    CHECK(probe.error_of(number) == EPERM);
  }
}

TEST_CASE("calls nobody has heard of do not exist") {
  STRATA_NEEDS_SANDBOX();
  Prober probe;
  CHECK(probe.error_of(SYS_clone3) == ENOSYS);
  CHECK(probe.error_of(999) == ENOSYS);
}

TEST_CASE("calls younger than libseccomp pass") {
  STRATA_NEEDS_SANDBOX();
  Prober probe;
  // mseal of nothing: whatever the kernel says it was asked.
  CHECK(probe.error_of(462, 0, 0, 0) != EPERM);
}

TEST_CASE("sockets of the dangerous families are denied whatever the register's upper half") {
  STRATA_NEEDS_SANDBOX();
  Prober probe;
  CHECK(probe.error_of(SYS_socket, 38, SOCK_SEQPACKET, 0) == EPERM);
  CHECK(probe.error_of(SYS_socket, 40, SOCK_STREAM, 0) == EPERM);
  CHECK(probe.error_of(SYS_socket, 0x100000000 + 38, SOCK_SEQPACKET, 0) == EPERM);
  CHECK(probe.error_of(SYS_socket, AF_INET, SOCK_STREAM, 0) == 0);
  CHECK(probe.error_of(SYS_socket, AF_UNIX, SOCK_STREAM, 0) == 0);
}

TEST_CASE("clone makes processes but no namespaces") {
  STRATA_NEEDS_SANDBOX();
  Prober probe;
  CHECK(probe.error_of(SYS_clone, SIGCHLD) == 0);
  for (const long flag : {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWUTS,
                          CLONE_NEWIPC, CLONE_NEWCGROUP}) {
    CAPTURE(flag);
    CHECK(probe.error_of(SYS_clone, flag | SIGCHLD) == EPERM);
  }
}

TEST_CASE("only harmless personalities can be taken") {
  STRATA_NEEDS_SANDBOX();
  Prober probe;
  CHECK(probe.error_of(SYS_personality, 0xffffffffL) == 0);
  CHECK(probe.error_of(SYS_personality, 8) == 0);
  CHECK(probe.error_of(SYS_personality, 0x0400000) == ENOSYS);
}

#ifdef __x86_64__
TEST_CASE("calls of another architecture kill") {
  STRATA_NEEDS_SANDBOX();
  Prober probe;
  CHECK(probe.run_probe({"int80"}).report.status.signal == SIGSYS);
  CHECK(probe.run_probe({"x32", cat(SYS_getpid)}).report.status.signal == SIGSYS);
}
#endif

TEST_CASE("no system call is in two tables") {
  std::set<std::string> names;
  std::size_t count = 0;
  for (const auto& table : {allowed_calls(), denied_calls()}) {
    names.insert(table.begin(), table.end());
    count += table.size();
  }
  CHECK(names.size() == count);
  for (const char* conditional : {"clone", "clone3", "socket", "personality"}) {
    CHECK(!names.contains(conditional));
  }
}
