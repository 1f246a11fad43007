#include "sandbox/seccomp.hpp"

#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <span>
#include <string>

#include "sandbox/system_calls.hpp"
#include "strata/base/error.hpp"
#include "strata/base/fd.hpp"

namespace strata::sandbox {

namespace {

constexpr std::uint32_t deny = SCMP_ACT_ERRNO(EPERM);

/// A filter under construction. Errors come back as negative errno values.
class FilterBuilder {
 public:
  FilterBuilder() : context_(seccomp_init(SCMP_ACT_ERRNO(ENOSYS)), &seccomp_release) {
    if (!context_) fail(ErrorKind::system, "libseccomp cannot make a filter");
    // A tree over the numbers instead of a chain: eight comparisons a call instead of 150.
    set(SCMP_FLTATR_CTL_OPTIMIZE, 2);
    set(SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  }

  void add(std::uint32_t action, int number, std::span<const scmp_arg_cmp> conditions = {}) {
    const int result =
        seccomp_rule_add_array(context_.get(), action, number,
                               static_cast<unsigned>(conditions.size()), conditions.data());
    if (result < 0) fail_system(-result, cat("seccomp rule for system call ", number));
  }

  /// Only the low 32 bits of the first argument are looked at, as the kernel does for an int: the
  /// upper half of the register may hold anything.
  void add_if(std::uint32_t action, const char* name, std::uint32_t mask, std::uint32_t value) {
    const scmp_arg_cmp low_bits = SCMP_A0(SCMP_CMP_MASKED_EQ, mask, value);
    add(action, seccomp_syscall_resolve_name(name), {&low_bits, 1});
  }

  /// Names the architecture does not have are passed over.
  void add_names(std::uint32_t action, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      const int number = seccomp_syscall_resolve_name(name.c_str());
      if (number >= 0) add(action, number);
    }
  }

  FilterProgram build() const {
    const Fd file(memfd_create("filter", MFD_CLOEXEC));
    if (!file) fail_errno("memfd_create");
    const int result = seccomp_export_bpf(context_.get(), file.get());
    if (result < 0) fail_system(-result, "export of the seccomp filter");
    FilterProgram program(static_cast<std::size_t>(stat_of(file.get()).st_size) /
                          sizeof(sock_filter));
    const auto bytes = std::as_writable_bytes(std::span(program));
    pread_full(file.get(), {reinterpret_cast<char*>(bytes.data()), bytes.size()}, 0);
    return program;
  }

 private:
  void set(scmp_filter_attr attribute, std::uint32_t value) {
    const int result = seccomp_attr_set(context_.get(), attribute, value);
    if (result < 0) fail_system(-result, cat("seccomp attribute ", static_cast<int>(attribute)));
  }

  std::unique_ptr<void, decltype(&seccomp_release)> context_;
};

void add_clone(FilterBuilder& builder) {
  builder.add_if(SCMP_ACT_ALLOW, "clone", namespace_flags, 0);
  for (std::uint32_t flag = 1; flag != 0; flag <<= 1) {
    if (namespace_flags & flag) builder.add_if(deny, "clone", flag, flag);
  }
}

void add_socket(FilterBuilder& builder) {
  const auto denied = denied_socket_families();
  for (std::uint32_t family = 0; family <= socket_family_max; ++family) {
    const bool allow = std::find(denied.begin(), denied.end(), family) == denied.end();
    builder.add_if(allow ? SCMP_ACT_ALLOW : deny, "socket", 0xffffffff, family);
  }
}

void add_personality(FilterBuilder& builder) {
  for (const std::uint32_t value : allowed_personalities()) {
    builder.add_if(SCMP_ACT_ALLOW, "personality", 0xffffffff, value);
  }
}

}  // namespace

FilterProgram make_filter() {
  FilterBuilder builder;
  builder.add_names(SCMP_ACT_ALLOW, allowed_calls());
  for (const NumberedCall& call : allowed_numbers()) builder.add(SCMP_ACT_ALLOW, call.number);
  builder.add_names(deny, denied_calls());
  add_clone(builder);
  add_socket(builder);
  add_personality(builder);
  return builder.build();
}

void install_filter(const FilterProgram& program) {
  const sock_fprog header{static_cast<unsigned short>(program.size()),
                          const_cast<sock_filter*>(program.data())};
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &header) != 0) {
    fail_errno("install the seccomp filter");
  }
}

}  // namespace strata::sandbox
