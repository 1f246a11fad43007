#include "sandbox/namespaces.hpp"

#include <fcntl.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>

#include "strata/base/error.hpp"
#include "strata/base/fd.hpp"

namespace strata::sandbox {

namespace {

void raise_loopback() {
  const Fd socket_fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  std::memcpy(request.ifr_name, "lo", sizeof "lo");
  request.ifr_flags = IFF_UP;
  if (!socket_fd || ioctl(socket_fd.get(), SIOCSIFFLAGS, &request) != 0) {
    fail_errno("raise the loopback interface");
  }
}

}  // namespace

std::uint64_t namespaces_for(const Spec& spec) {
  std::uint64_t flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;
  if (spec.network == Network::none) flags |= CLONE_NEWNET;
  return flags;
}

pid_t fork_into(std::uint64_t namespaces) {
  clone_args arguments{};
  arguments.flags = namespaces;
  arguments.exit_signal = SIGCHLD;
  const long pid = syscall(SYS_clone3, &arguments, sizeof arguments);
  if (pid < 0) fail_errno("clone into new namespaces");
  return static_cast<pid_t>(pid);
}

void set_up_namespaces(const Spec& spec) {
  if (sethostname(spec.hostname.data(), spec.hostname.size()) != 0) {
    fail_errno("set the host name ", quoted(spec.hostname));
  }
  if (spec.network == Network::none) raise_loopback();
}

void make_mounts_private() {
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    fail_errno("make all mounts private");
  }
}

void enter_root(int root_fd) {
  if (fchdir(root_fd) != 0) fail_errno("enter the new root");
  // Both names may be the same: the old root then lies on top of the new one and is taken off.
  if (syscall(SYS_pivot_root, ".", ".") != 0) fail_errno("pivot_root");
  if (umount2(".", MNT_DETACH) != 0) fail_errno("detach the old root");
  if (chdir("/") != 0) fail_errno("chdir to the new root");
}

}  // namespace strata::sandbox
