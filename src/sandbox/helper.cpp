#include "sandbox/helper.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "sandbox/archive.hpp"
#include "sandbox/message.hpp"
#include "sandbox/mounting.hpp"
#include "strata/base/error.hpp"
#include "strata/base/io.hpp"

namespace strata::sandbox {

namespace {

/// A copy of the program in memory that nobody can write.
Fd copy_own_program() {
  const Fd program(open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  Fd copy(memfd_create("strata", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!program || !copy) fail_errno("copy the program's own file");
  FdSource from(program.get());
  FdSink to(copy.get());
  copy_all(from, to);
  if (fcntl(copy.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) !=
      0) {
    fail_errno("seal the copy of the program");
  }
  return copy;
}

/// The program's file, on a mount of its own that cannot be written through. The copy, which costs
/// milliseconds, is for a process that changed its mount namespace after it was executed.
Fd open_own_program() {
  Fd program(open_tree(AT_FDCWD, "/proc/self/exe", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC));
  if (!program && errno == EPERM) {
    fail(ErrorKind::denied,
         "running a process in a sandbox needs the rights of root (CAP_SYS_ADMIN)");
  }
  if (!program) return copy_own_program();
  add_attributes(program.get(), MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID, Subtree::one_mount);
  return program;
}

/// What the child does between fork and exec.
class SpawnActions {
 public:
  explicit SpawnActions(int socket) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&files_, socket, helper_socket_fd);
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    // A session of its own: the terminal's ^C is for the engine to hear.
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
  }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }

  pid_t spawn(const std::string& program) const {
    // No environment: the engine's own may hold secrets, and pid 1 of a sandbox inherits this one.
    std::string name = helper_name;
    char* argv[] = {name.data(), nullptr};
    char* env[] = {nullptr};
    pid_t pid = -1;
    const int error = posix_spawn(&pid, program.c_str(), &files_, &attributes_, argv, env);
    if (error != 0) fail_system(error, "start the sandbox helper");
    return pid;
  }

 private:
  posix_spawn_file_actions_t files_;
  posix_spawnattr_t attributes_;
};

}  // namespace

std::string encode_namespaces(std::uint64_t namespaces) { return encode(namespaces); }

std::uint64_t decode_namespaces(std::string_view bytes) { return decode<std::uint64_t>(bytes); }

Helper::Helper() {
  const Fd program = open_own_program();
  SocketPair sockets = make_packet_sockets();
  pid_ = SpawnActions(sockets.second.get()).spawn(cat("/proc/self/fd/", program.get()));
  socket_ = std::move(sockets.first);
}

Helper::~Helper() {
  socket_.reset();
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

const Helper& Sandbox::Launcher::helper() {
  const std::lock_guard lock(mutex_);
  if (!helper_) helper_.emplace();
  return *helper_;
}

std::shared_ptr<const OomCounter> Sandbox::Launcher::oom() {
  const std::lock_guard lock(mutex_);
  if (!oom_) oom_ = std::make_shared<OomCounter>();
  return oom_;
}

}  // namespace strata::sandbox
