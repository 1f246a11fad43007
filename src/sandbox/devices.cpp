#include "sandbox/devices.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "strata/base/error.hpp"

namespace strata::sandbox {

namespace {

struct Device {
  const char* name;
  unsigned major;
  unsigned minor;
};

constexpr Device devices[] = {
    {"null", 1, 3},   {"zero", 1, 5},    {"full", 1, 7},
    {"random", 1, 8}, {"urandom", 1, 9}, {"tty", 5, 0},
};

struct Link {
  const char* name;
  const char* target;
};

constexpr Link links[] = {
    {"fd", "/proc/self/fd"},       {"stdin", "/proc/self/fd/0"}, {"stdout", "/proc/self/fd/1"},
    {"stderr", "/proc/self/fd/2"}, {"core", "/proc/kcore"},      {"ptmx", "pts/ptmx"},
};

constexpr const char* directories[] = {"pts", "shm", "mqueue"};

}  // namespace

void make_devices(const Root& dev) {
  // The directory is new, empty and nobody else's: plain *at calls cannot be led astray.
  for (const Device& device : devices) {
    // The umask would take the write permission of others.
    if (mknodat(dev.fd(), device.name, S_IFCHR, makedev(device.major, device.minor)) != 0 ||
        fchmodat(dev.fd(), device.name, 0666, 0) != 0) {
      fail_errno("make device /dev/", device.name);
    }
  }
  for (const Link& link : links) {
    if (symlinkat(link.target, dev.fd(), link.name) != 0) fail_errno("make link /dev/", link.name);
  }
  for (const char* directory : directories) {
    if (mkdirat(dev.fd(), directory, 0755) != 0) fail_errno("mkdir /dev/", directory);
  }
}

}  // namespace strata::sandbox
