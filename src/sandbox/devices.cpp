#include "sandbox/devices.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "strata/base/error.hpp"
#include "strata/base/path.hpp"

namespace strata::sandbox {

namespace {

struct CommonDevice {
  const char* name;
  unsigned major;
  unsigned minor;
};

constexpr CommonDevice devices[] = {
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

void make_device(const Root& dev, const Device& device) {
  const std::string path = root_path(device.path).substr(std::string_view("dev/").size());
  dev.make_directories(parent_path(path));
  dev.make_node(path, device.mode, device.number);
  const Root::Place place = dev.place_of(path);
  // Owner before mode, and the mode again, of which the umask has taken something.
  if (fchownat(place.parent.get(), place.name.c_str(), device.uid, device.gid,
               AT_SYMLINK_NOFOLLOW) != 0 ||
      fchmodat(place.parent.get(), place.name.c_str(), device.mode & 07777, 0) != 0) {
    fail_errno("set the owner of ", quoted(device.path));
  }
}

}  // namespace

void make_devices(const Root& dev, const std::vector<Device>& more) {
  // The directory is new, empty and nobody else's: plain *at calls cannot be led astray.
  for (const CommonDevice& device : devices) {
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
  for (const Device& device : more) make_device(dev, device);
}

}  // namespace strata::sandbox
