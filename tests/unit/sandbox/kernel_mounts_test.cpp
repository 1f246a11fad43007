#include "sandbox/kernel_mounts.hpp"

#include "strata/base/error.hpp"
#include "unit/sandbox/busybox_root.hpp"

using namespace strata;
using namespace strata::sandbox;

namespace {

std::string output(const Spec& spec) {
  Sandbox sandbox;
  return run(sandbox, spec).out;
}

/// The options of the mount at `path`, as /proc/mounts shows them in the sandbox.
std::string options_of(const std::string& mounts, const std::string& path) {
  std::string options;
  for (const std::string& line : split(mounts, '\n')) {
    const auto fields = split(line, ' ');
    if (fields.size() > 3 && fields[1] == path) options = fields[2] + " " + fields[3];
  }
  return options;
}

}  // namespace

TEST_CASE("the fixed mounts are there with their restrictions") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  const std::string mounts = output(root.spec({"cat", "/proc/mounts"}));
  CHECK(options_of(mounts, "/").starts_with("overlay rw,nodev"));
  CHECK(options_of(mounts, "/proc").starts_with("proc rw,nosuid,nodev,noexec"));
  CHECK(options_of(mounts, "/sys").starts_with("sysfs ro,nosuid,nodev,noexec"));
  CHECK(options_of(mounts, "/dev").starts_with("tmpfs rw,nosuid"));
  CHECK(options_of(mounts, "/dev/pts").starts_with("devpts rw,nosuid,noexec"));
  CHECK(options_of(mounts, "/dev/shm").starts_with("tmpfs rw,nosuid,nodev,noexec"));
  CHECK(options_of(mounts, "/dev/mqueue").starts_with("mqueue rw,nosuid,nodev,noexec"));
  CHECK(options_of(mounts, "/etc/hosts").starts_with("tmpfs ro"));
  CHECK(options_of(mounts, "/etc/resolv.conf").starts_with("tmpfs ro"));
}

TEST_CASE("devices work and there are only the harmless ones") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  CHECK(output(root.spec({"ls", "/dev"})) ==
        "core\nfd\nfull\nmqueue\nnull\nptmx\npts\nrandom\nshm\nstderr\nstdin\nstdout\ntty\n"
        "urandom\nzero\n");
  root.fresh_upper();
  CHECK(output(root.shell("head -c 5 /dev/zero | wc -c; head -c 5 /dev/urandom | wc -c; "
                          "echo gone >/dev/null; echo x 2>/dev/null >/dev/full || echo full")) ==
        "5\n5\nfull\n");
}

TEST_CASE("an ordinary user can use the devices") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Spec spec = root.shell("echo x >/dev/null && head -c 3 /dev/zero | wc -c");
  spec.identity = {1000, 1000, {}};
  CHECK(output(spec) == "3\n");
}

TEST_CASE("a device node made elsewhere does not open and a raw whiteout cannot be made") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  CHECK(output(root.shell("mknod /tmp/null c 1 3 && (echo x >/tmp/null) 2>/dev/null || echo no; "
                          "mknod /tmp/whiteout c 0 0 2>/dev/null || echo no")) == "no\nno\n");
}

TEST_CASE("masked paths are empty and read-only paths cannot be written") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  const std::string script =
      "for f in kcore keys timer_list interrupts sched_debug; do cat /proc/$f 2>/dev/null; done;"
      "ls /sys/firmware /proc/acpi /proc/scsi /sys/fs/selinux /sys/devices/virtual/powercap "
      "2>/dev/null | grep -v ':$' | grep .;"
      "(echo 1 >/proc/sys/kernel/panic) 2>/dev/null || echo sysctl;"
      "(echo h >/proc/sysrq-trigger) 2>/dev/null || echo sysrq;"
      "(echo 1 >/sys/kernel/mm/transparent_hugepage/enabled) 2>/dev/null || echo sys;"
      "cat /proc/[0-9]*/stat >/dev/null && echo proc";
  CHECK(output(root.shell(script)) == "sysctl\nsysrq\nsys\nproc\n");
}

TEST_CASE("mounts cannot be undone from inside") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  CHECK(output(root.shell("umount /proc/sys 2>/dev/null || echo no; "
                          "mount -o remount,rw /sys 2>/dev/null || echo no; "
                          "rm /etc/resolv.conf 2>/dev/null || echo no; "
                          "(echo x >/etc/hosts) 2>/dev/null || echo no")) == "no\nno\nno\nno\n");
}

TEST_CASE("an image whose fixed mount points are links is refused") {
  STRATA_NEEDS_SANDBOX();
  for (const char* name : {"proc", "sys", "dev"}) {
    CAPTURE(name);
    BusyboxRoot root;
    fs::create_directory_symlink("/tmp", root.base() / name);
    Sandbox sandbox;
    CHECK_THROWS_WITH_AS(run(sandbox, root.spec({"true"})), doctest::Contains("symbolic link"),
                         Error);
  }
}

TEST_CASE("a privileged process may write to sysfs and use devices anywhere") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Spec spec = root.shell(
      "mknod /tmp/null c 1 3 && echo x >/tmp/null && echo device; "
      "grep ' /sys ' /proc/mounts | grep -c rw; "
      "mount -t tmpfs none /tmp && echo mounted");
  spec.privileged = true;
  CHECK(output(spec) == "device\n1\nmounted\n");
}

TEST_CASE("a read-only root takes no write") {
  STRATA_NEEDS_SANDBOX();
  BusyboxRoot root;
  Spec spec = root.shell("touch /x 2>/dev/null || echo no; touch /dev/shm/x && echo shm");
  spec.rootfs.read_only = true;
  CHECK(output(spec) == "no\nshm\n");
  spec.rootfs.upper.clear();
  spec.rootfs.work.clear();
  CHECK(output(spec) == "no\nshm\n");
}
