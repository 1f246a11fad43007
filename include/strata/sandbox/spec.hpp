#pragma once
/// What one sandboxed process shall see and be: plain data, without a word of images. All paths are
/// absolute. Paths of the host are trusted (the caller chose them); paths inside the root may run
/// through links that somebody else planted, and are resolved without ever leaving the root.

#include <sys/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace strata::sandbox {

/// Directories of the host laid over each other.
struct Layers {
  std::vector<std::string> lowers;  ///< topmost first
  /// Receives the writes. Empty text: nothing can be written, and there must be two lowers.
  std::string upper;
  std::string work;  ///< as RootFs::work

  bool operator==(const Layers&) const = default;
};

/// One mount beyond the fixed ones (/proc, /sys, /dev, /etc/hosts, /etc/resolv.conf). The mount
/// point is made if the root has none, in a layer of the sandbox's own: it leaves no trace in the
/// upper directory. Every mount is nosuid and nodev.
struct Mount {
  enum class Kind {
    bind,    ///< a file, socket or directory of the host
    layers,  ///< what layers show, or a part of it; writes go to their upper directory
    tmpfs,   ///< an empty directory in memory
    file,    ///< a file in memory with `content`: secrets never touch a disk
  };

  Kind kind = Kind::bind;
  /// bind: what to show. Set `source_fd` (borrowed until the process has started; any
  /// descriptor, O_PATH too) where the path was resolved inside an untrusted tree, else `source`.
  std::string source;
  int source_fd = -1;
  Layers layers;
  /// layers: the file or directory of them to show, a root path; links are followed inside them.
  std::string subpath;
  /// Absolute path in the root; links are followed inside the root.
  std::string target;
  bool read_only = false;
  bool no_exec = false;
  /// file: its bytes.
  std::string content;
  /// tmpfs and file: permissions and owner. tmpfs: limit in bytes, 0 for the kernel's default.
  mode_t mode = 0755;
  uid_t uid = 0;
  gid_t gid = 0;
  std::uint64_t size_max = 0;

  bool operator==(const Mount&) const = default;
};

enum class Network {
  host,  ///< the engine's own network and resolver
  none,  ///< a new network with nothing but loopback, no resolver
};

/// Numbers only: names were looked up by the caller in the root's own passwd and group.
struct Identity {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;  ///< supplementary; without `gid` unless it shall be listed

  bool operator==(const Identity&) const = default;
};

/// The root file system: directories of the host laid over each other.
struct RootFs {
  std::vector<std::string> lowers;  ///< topmost first; at most 498
  /// Receives the writes; must be empty or left by an earlier run. Empty text: no writable layer.
  std::string upper;
  /// An empty directory on upper's file system, a new one for each run. The kernel leaves litter in
  /// it: remove it after.
  std::string work;
  bool read_only = false;

  bool operator==(const RootFs&) const = default;
};

/// A device that the process may use. Its node is made below /dev, for this process alone.
struct Device {
  std::string path;              ///< absolute, below /dev
  mode_t mode = S_IFCHR | 0666;  ///< with the type: S_IFCHR or S_IFBLK
  dev_t number = 0;
  uid_t uid = 0;
  gid_t gid = 0;

  bool operator==(const Device&) const = default;
};

/// What setrlimit(2) takes.
struct ResourceLimit {
  int resource = 0;
  std::uint64_t soft = 0;
  std::uint64_t hard = 0;

  bool operator==(const ResourceLimit&) const = default;
};

/// One process. With zero bytes in a text or a relative path, `start` throws Error usage.
struct Spec {
  RootFs rootfs;
  /// An existing directory of the host that is not an ancestor of any path named here. Nothing is
  /// ever written to it: in the sandbox's own mount namespace it is covered by a tmpfs. Any number
  /// of sandboxes may share one.
  std::string scratch_dir;
  std::vector<Mount> mounts;  ///< in this order, so a later one may lie inside an earlier one
  std::vector<Device> devices;
  std::uint64_t shm_size_max = 64 << 20;  ///< bytes in /dev/shm

  /// argv[0] is looked up along PATH of `env` inside the root when it has no slash.
  std::vector<std::string> argv;
  std::vector<std::string> env;  ///< "NAME=value", given to the process exactly
  std::string cwd = "/";         ///< absolute; must exist
  Identity identity;

  Network network = Network::host;
  std::string hostname = "strata";
  std::vector<std::pair<std::string, std::string>> extra_hosts;  ///< name, address

  /// All capabilities, no seccomp filter, writable /sys, device nodes usable, nothing masked.
  bool privileged = false;
  /// The process gets a terminal of its own; its other end is Process::console.
  bool tty = false;
  /// Most processes and threads at once; 0 for no limit of our own.
  std::uint32_t pids_max = 0;
  std::vector<ResourceLimit> limits;

  bool operator==(const Spec&) const = default;
};

}  // namespace strata::sandbox
