#include "sandbox/pid_one.hpp"

#include <fcntl.h>
#include <linux/keyctl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <climits>
#include <iterator>

#include "sandbox/console.hpp"
#include "sandbox/describe.hpp"
#include "sandbox/identity.hpp"
#include "sandbox/kernel_mounts.hpp"
#include "sandbox/masks.hpp"
#include "sandbox/mounting.hpp"
#include "sandbox/namespaces.hpp"
#include "sandbox/program.hpp"
#include "sandbox/reaper.hpp"
#include "sandbox/root_mount.hpp"
#include "sandbox/user_mounts.hpp"
#include "strata/base/error.hpp"

namespace strata::sandbox {

namespace {

constexpr int channel_fd = STDERR_FILENO + 1;
constexpr std::size_t spec_size_max = 64 << 20;

void place(Fd from, int to, int flags) {
  if (dup3(from.get(), to, flags) < 0) fail_errno("place descriptor ", to);
}

/// The standard descriptors at their numbers; returns the mounts' sources.
std::vector<Fd> place_descriptors(std::vector<Fd> fds) {
  place(std::move(fds.at(request_in)), STDIN_FILENO, 0);
  place(std::move(fds.at(request_out)), STDOUT_FILENO, 0);
  place(std::move(fds.at(request_err)), STDERR_FILENO, 0);
  return {std::make_move_iterator(fds.begin() + request_sources),
          std::make_move_iterator(fds.end())};
}

Spec receive_spec(int fd) {
  const auto size = static_cast<std::size_t>(stat_of(fd).st_size);
  if (size > spec_size_max) fail(ErrorKind::corrupt, "the sandbox's description is too large");
  std::string bytes(size, '\0');
  pread_full(fd, bytes, 0);
  return decode<Spec>(bytes);
}

void detach_from_helper() {
  // The helper ends with the engine, and this process with the helper: the second of two ropes.
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) fail_errno("tie the sandbox to the engine");
  prctl(PR_SET_NAME, "strata-init");
  setsid();
  // Without keys of the engine's session. Where keys are not compiled in there is nothing to hide.
  syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr);
  umask(0022);
}

/// A tmpfs over the scratch directory, seen by nobody else, gone with the last process.
void enter_scratch(const std::string& scratch_dir) {
  const Fd below(open(scratch_dir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!below) fail_errno("open scratch directory ", quoted(scratch_dir));
  const Fd scratch = make_mount("tmpfs", {{"mode", "755"}}, 0);
  attach_mount(scratch.get(), below.get(), "a tmpfs on the scratch directory");
  if (fchdir(scratch.get()) != 0) fail_errno("enter the scratch directory");
}

/// Makes the process's terminal its standard descriptors and returns the engine's end of it.
Fd give_terminal(const Root& root, int devpts_fd, uid_t owner) {
  Console console = make_console(root, devpts_fd, owner);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    place(duplicate(console.terminal.get()), standard, 0);
  }
  return std::move(console.controller);
}

/// A pipe belongs to whoever made it, and /dev/stdout opens it anew: it shall be the user's. A FIFO
/// with a name is somebody's file and stays as it is.
void own_pipes(uid_t uid) {
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    struct statfs filesystem {};
    const bool is_pipe = fstatfs(standard, &filesystem) == 0 && filesystem.f_type == PIPEFS_MAGIC;
    if (is_pipe && fchown(standard, uid, static_cast<gid_t>(-1)) != 0) {
      fail_errno("give standard descriptor ", standard, " to user ", uid);
    }
  }
}

void make_read_only_root(const Root& root, const Spec& spec) {
  if (spec.rootfs.read_only) add_attributes(root.fd(), MOUNT_ATTR_RDONLY, Subtree::one_mount);
}

struct Assembled {
  std::vector<std::string> stubs;
  Fd controller;
};

/// Everything that can be seen from inside, in the order in which one thing needs the other.
Assembled assemble(const Spec& spec, std::vector<Fd> sources) {
  Assembled assembled;
  make_mounts_private();
  set_up_namespaces(spec);
  enter_scratch(spec.scratch_dir);
  // Ready before the overlay, which must have a file or a directory for each to lie on.
  const std::vector<ReadyMount> mounts = prepare_mounts(spec, sources);
  MountedRoot rootfs = mount_root(spec, wanted_points(mounts));
  assembled.stubs = std::move(rootfs.stubs);
  const Root root = std::move(rootfs.root);
  const Fd devpts = mount_kernel_filesystems(root, spec);
  if (spec.tty) assembled.controller = give_terminal(root, devpts.get(), spec.identity.uid);
  // Masks before the caller's mounts, which may lie over them on purpose.
  if (!spec.privileged) mask_paths(root);
  attach_mounts(root, mounts);
  make_read_only_root(root, spec);
  enter_root(root.fd());
  return assembled;
}

/// Into the working directory, by a way that no link of /proc to an open descriptor can be part of
/// (CVE-2024-21626); and the kernel must agree that it lies in the root.
void enter_working_directory(const std::string& cwd) {
  open_how how{};
  how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
  how.resolve = RESOLVE_NO_MAGICLINKS;
  const Fd directory(
      static_cast<int>(syscall(SYS_openat2, AT_FDCWD, cwd.c_str(), &how, sizeof how)));
  if (!directory || fchdir(directory.get()) != 0)
    fail_errno("enter working directory ", quoted(cwd));
  char reached[PATH_MAX];
  if (syscall(SYS_getcwd, reached, sizeof reached) < 0 || reached[0] != '/') {
    fail(ErrorKind::denied, "working directory ", quoted(cwd), " lies outside the root");
  }
}

void set_limits(const std::vector<ResourceLimit>& limits) {
  for (const ResourceLimit& limit : limits) {
    const rlimit wish{limit.soft, limit.hard};
    if (setrlimit(static_cast<__rlimit_resource_t>(limit.resource), &wish) != 0)
      fail_errno("set resource limit ", limit.resource, " to ", limit.soft, ":", limit.hard);
  }
}

void send_failure(const Error& error) {
  try {
    send_packet(channel_fd, encode_message(Failed{error.kind(), error.message(), error.notes()}));
  } catch (const Error&) {
    // The engine is gone: there is nobody to tell, and this process ends next.
  }
}

/// The main process from fork to exec. The filter needs a right that the identity will not have,
/// and the calls after it are among those it lets pass.
[[noreturn]] void be_main_process(const Spec& spec, const FilterProgram& filter) {
  try {
    reset_signals();
    setsid();
    if (spec.tty) take_terminal();
    set_limits(spec.limits);
    const CapabilitySet granted = granted_capabilities(spec.privileged);
    limit_capabilities(granted);
    if (!spec.privileged) install_filter(filter);
    assume_identity(spec.identity, granted);
  } catch (const Error& error) {
    send_failure(error);
    _exit(exit_not_executable);
  }
  execute(spec.argv, spec.env);
}

void tell_ready(const Assembled& assembled) {
  const Fd self(static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0)));
  if (!self) fail_errno("pidfd_open");
  std::vector<int> fds = {self.get()};
  if (assembled.controller) fds.push_back(assembled.controller.get());
  send_packet(channel_fd, encode_message(Ready{assembled.stubs}), fds);
}

pid_t start_main_process(const Spec& spec, const FilterProgram& filter) {
  const pid_t pid = fork();
  if (pid < 0) fail_errno("fork the main process");
  if (pid == 0) be_main_process(spec, filter);
  // Readers and writers at the other ends shall see when the main process closes its own.
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) close(standard);
  return pid;
}

/// Everything up to where the engine is told. What was opened on the way is closed at its end.
Spec set_up(Packet request) {
  Spec spec = receive_spec(request.fds.at(request_spec).get());
  detach_from_helper();
  const Assembled assembled = assemble(spec, place_descriptors(std::move(request.fds)));
  enter_working_directory(spec.cwd);
  own_pipes(spec.identity.uid);
  tell_ready(assembled);
  return spec;
}

/// Bytes of the largest process that has ended in here.
std::uint64_t children_memory_peak() {
  rusage usage{};
  if (getrusage(RUSAGE_CHILDREN, &usage) != 0) return 0;
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;  // getrusage(2): in kilobytes
}

void live(Packet request, const FilterProgram& filter) {
  const Spec spec = set_up(std::move(request));
  // All are close-on-exec; this is for the one that somebody forgets some day (CVE-2016-9962).
  close_range(channel_fd + 1, ~0U, 0);
  const Fd signals = block_signals();
  const pid_t main_process = start_main_process(spec, filter);
  const auto status = reap_until_end(main_process, signals.get(), channel_fd);
  if (status) send_packet(channel_fd, encode_message(Ended{*status, children_memory_peak()}));
}

}  // namespace

void be_pid_one(Packet request, const FilterProgram& filter) {
  try {
    // Received descriptors have numbers above the channel's, so none is overwritten here.
    place(std::move(request.fds.at(request_channel)), channel_fd, O_CLOEXEC);
    live(std::move(request), filter);
  } catch (const Error& error) {
    send_failure(error);
  }
  _exit(0);
}

}  // namespace strata::sandbox
