#include "sandbox/masks.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <string>
#include <vector>

#include "sandbox/mounting.hpp"
#include "strata/base/error.hpp"

namespace strata::sandbox {

namespace {

// The union of Docker's and podman's lists, 2026.
constexpr const char* masked[] = {
    "proc/acpi",       "proc/asound",        "proc/interrupts",  "proc/kcore",
    "proc/keys",       "proc/latency_stats", "proc/sched_debug", "proc/scsi",
    "proc/timer_list", "proc/timer_stats",   "sys/firmware",     "sys/devices/virtual/powercap",
    "sys/fs/selinux",
};

constexpr const char* read_only[] = {
    "proc/asound", "proc/bus", "proc/fs", "proc/irq", "proc/sys", "proc/sysrq-trigger",
};

// Every processor has one (CVE-2026 class of thermal side channels).
constexpr const char* processors = "sys/devices/system/cpu";
constexpr const char* masked_per_processor = "thermal_throttle";

/// Covers files with the null device and directories with an empty one.
class Mask {
 public:
  explicit Mask(const Root& root) : root_(root), null_(root.open_file("dev/null", O_PATH)) {
    const struct stat status = stat_of(null_.get());
    if (!S_ISCHR(status.st_mode) || status.st_rdev != makedev(1, 3)) {
      fail(ErrorKind::denied, "/dev/null is not the null device");
    }
  }

  void cover(const std::string& path) {
    const auto target = root_.find_file(path, O_PATH, Links::keep);
    if (!target) return;
    const bool is_directory = S_ISDIR(stat_of(target->get()).st_mode);
    attach_mount(is_directory ? empty_directory().get()
                              : clone_mount(null_.get(), "", Subtree::one_mount).get(),
                 target->get(), cat("mask over /", path));
  }

 private:
  static Fd empty_directory() {
    return make_mount("tmpfs", {{"nr_blocks", "1"}, {"nr_inodes", "1"}, {"mode", "755"}},
                      MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
  }

  const Root& root_;
  Fd null_;
};

bool is_processor(const std::string& name) {
  return name.size() > 3 && name.starts_with("cpu") &&
         name.find_first_not_of("0123456789", 3) == std::string::npos;
}

void make_read_only(const Root& root, const std::string& path) {
  const auto place = root.find_file(path, O_PATH, Links::keep);
  if (!place) return;
  const Fd mount = clone_mount(place->get(), "", Subtree::with_submounts);
  add_attributes(mount.get(), MOUNT_ATTR_RDONLY, Subtree::with_submounts);
  attach_mount(mount.get(), place->get(), cat("read-only /", path));
}

}  // namespace

void mask_paths(const Root& root) {
  for (const char* path : read_only) make_read_only(root, path);
  Mask mask(root);
  for (const char* path : masked) mask.cover(path);
  for (const std::string& name : root.list(processors)) {
    if (is_processor(name)) mask.cover(cat(processors, "/", name, "/", masked_per_processor));
  }
}

}  // namespace strata::sandbox
