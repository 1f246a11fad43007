#pragma once
/// Making one system call fail in this process, as a container's seccomp profile does.

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>

#include <cstdint>

namespace strata::test {

/// From now on `call` fails with `error_number` in this thread and its children. True if it worked.
inline bool forbid_call(long call, int error_number) {
  const auto number = static_cast<std::uint32_t>(call);
  const auto answer = SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error_number);
  sock_filter program[] = {
      {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
      {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, number},
      {BPF_RET | BPF_K, 0, 0, answer},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
  };
  const sock_fprog filter{4, program};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

}  // namespace strata::test
