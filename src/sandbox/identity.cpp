#include "sandbox/identity.hpp"

#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "strata/base/error.hpp"

namespace strata::sandbox {

namespace {

constexpr int docker_capabilities[] = {
    CAP_CHOWN,   CAP_DAC_OVERRIDE, CAP_FSETID,           CAP_FOWNER,
    CAP_MKNOD,   CAP_NET_RAW,      CAP_SETGID,           CAP_SETUID,
    CAP_SETFCAP, CAP_SETPCAP,      CAP_NET_BIND_SERVICE, CAP_SYS_CHROOT,
    CAP_KILL,    CAP_AUDIT_WRITE,
};

struct ThreadCapabilities {
  CapabilitySet effective = 0;
  CapabilitySet permitted = 0;
  CapabilitySet inheritable = 0;
};

__user_cap_header_struct header() { return {_LINUX_CAPABILITY_VERSION_3, 0}; }

CapabilitySet joined(std::uint32_t low, std::uint32_t high) {
  return low | static_cast<CapabilitySet>(high) << 32;
}

ThreadCapabilities current() {
  auto head = header();
  __user_cap_data_struct halves[2]{};
  if (syscall(SYS_capget, &head, halves) != 0) fail_errno("capget");
  return {joined(halves[0].effective, halves[1].effective),
          joined(halves[0].permitted, halves[1].permitted),
          joined(halves[0].inheritable, halves[1].inheritable)};
}

void set_current(const ThreadCapabilities& wish) {
  auto head = header();
  __user_cap_data_struct halves[2]{};
  for (int half = 0; half < 2; ++half) {
    halves[half].effective = static_cast<std::uint32_t>(wish.effective >> (32 * half));
    halves[half].permitted = static_cast<std::uint32_t>(wish.permitted >> (32 * half));
    halves[half].inheritable = static_cast<std::uint32_t>(wish.inheritable >> (32 * half));
  }
  if (syscall(SYS_capset, &head, halves) != 0) fail_errno("capset");
}

/// glibc's wrappers would tell other threads; there are none, and the plain calls say what is
/// meant.
void set_ids(const Identity& identity) {
  if (syscall(SYS_setgroups, identity.groups.size(), identity.groups.data()) != 0) {
    fail_errno("setgroups");
  }
  const gid_t gid = identity.gid;
  const uid_t uid = identity.uid;
  if (syscall(SYS_setresgid, gid, gid, gid) != 0) fail_errno("set group id ", gid);
  if (syscall(SYS_setresuid, uid, uid, uid) != 0) fail_errno("set user id ", uid);
}

}  // namespace

CapabilitySet granted_capabilities(bool privileged) {
  const CapabilitySet held = current().permitted;
  if (privileged) return held;
  CapabilitySet granted = 0;
  for (const int capability : docker_capabilities) granted |= CapabilitySet{1} << capability;
  return granted & held;
}

void limit_capabilities(CapabilitySet granted) {
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0)
    fail_errno("clear ambient set");
  ThreadCapabilities capabilities = current();
  capabilities.inheritable = 0;
  set_current(capabilities);
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; ++capability) {
    const bool keep = granted >> capability & 1;
    if (!keep && prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) {
      fail_errno("drop capability ", capability, " from the bounding set");
    }
  }
}

void assume_identity(const Identity& identity, CapabilitySet granted) {
  set_ids(identity);
  // Leaving uid 0 has emptied the permitted and effective sets.
  if (identity.uid == 0) set_current({granted, granted, 0});
}

}  // namespace strata::sandbox
