#include "sandbox/kernel_mounts.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "sandbox/devices.hpp"
#include "sandbox/mounting.hpp"
#include "strata/base/error.hpp"

namespace strata::sandbox {

namespace {

constexpr std::uint64_t inert = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

/// Since Linux 6.14 kernel.pid_max belongs to the pid namespace; before, a write to it would be a
/// change to the whole machine.
bool has_pid_max_per_namespace() {
  utsname system{};
  int major = 0;
  int minor = 0;
  if (uname(&system) != 0 || std::sscanf(system.release, "%d.%d", &major, &minor) != 2)
    return false;
  return major > 6 || (major == 6 && minor >= 14);
}

/// The highest pid is also the limit of how many there can be.
void limit_pids(int proc_fd, std::uint32_t pids_max) {
  if (!has_pid_max_per_namespace()) {
    fail(ErrorKind::system, "a limit on processes needs Linux 6.14 or newer");
  }
  const Fd limit(openat(proc_fd, "sys/kernel/pid_max", O_WRONLY | O_CLOEXEC));
  if (!limit) fail_errno("open kernel.pid_max");
  // The kernel keeps the first 300 pids for itself and takes no limit below.
  write_all(limit.get(), cat(std::max(pids_max, 301U)));
}

void mount_proc(const Root& root, const Spec& spec) {
  const Fd proc = make_mount("proc", {}, inert);
  if (spec.pids_max > 0) limit_pids(proc.get(), spec.pids_max);
  attach_mount(proc.get(), open_fixed_point(root, "proc").get(), "/proc");
}

void mount_sys(const Root& root, const Spec& spec) {
  const std::uint64_t access = spec.privileged ? 0 : MOUNT_ATTR_RDONLY;
  const Fd sys = make_mount("sysfs", {}, inert | access);
  attach_mount(sys.get(), open_fixed_point(root, "sys").get(), "/sys");
}

struct DevMount {
  const char* name;
  const char* type;
  std::vector<Option> options;
  std::uint64_t attributes;
};

/// Mounts below /dev, whose directories devices.cpp has made.
std::vector<DevMount> dev_mounts(const Spec& spec) {
  return {
      {"shm", "tmpfs", {{"mode", "1777"}, {"size", cat(spec.shm_size_max)}}, inert},
      {"mqueue", "mqueue", {}, inert},
  };
}

Fd mount_devpts(const Root& dev) {
  const Fd pts = make_mount(
      "devpts", {{"newinstance", ""}, {"ptmxmode", "0666"}, {"mode", "0620"}, {"gid", "5"}},
      MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
  attach_mount(pts.get(), open_fixed_point(dev, "pts").get(), "/dev/pts");
  return dev.open_file("pts", O_PATH | O_DIRECTORY);
}

Fd mount_dev(const Root& root, const Spec& spec) {
  Fd tmpfs = make_mount("tmpfs", {{"mode", "755"}, {"size", "64m"}},
                        MOUNT_ATTR_NOSUID | MOUNT_ATTR_STRICTATIME);
  attach_mount(tmpfs.get(), open_fixed_point(root, "dev").get(), "/dev");
  const Root dev(std::move(tmpfs));
  make_devices(dev, spec.devices);
  for (const DevMount& mount : dev_mounts(spec)) {
    attach_mount(make_mount(mount.type, mount.options, mount.attributes).get(),
                 open_fixed_point(dev, mount.name).get(), cat("/dev/", mount.name));
  }
  return mount_devpts(dev);
}

}  // namespace

Fd open_fixed_point(const Root& root, const std::string& path) {
  open_how how{};
  how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS;
  Fd point(static_cast<int>(syscall(SYS_openat2, root.fd(), path.c_str(), &how, sizeof how)));
  if (point) return point;
  if (errno == ELOOP) {
    fail(ErrorKind::denied, "/", path,
         " is a symbolic link in the image, where a directory must be");
  }
  fail_errno("open mount point /", path);
}

Fd mount_kernel_filesystems(const Root& root, const Spec& spec) {
  mount_proc(root, spec);
  mount_sys(root, spec);
  return mount_dev(root, spec);
}

}  // namespace strata::sandbox
