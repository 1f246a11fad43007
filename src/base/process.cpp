#include "strata/base/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "strata/base/error.hpp"
#include "strata/base/fd.hpp"
#include "strata/base/stop.hpp"
#include "strata/base/text.hpp"

namespace strata {

namespace {

constexpr std::size_t errors_max = 64u << 10;
constexpr int look_around_ms = 100;

std::string find_program(const Command& command) {
  const std::string& name = command.argv.at(0);
  if (name.find('/') != std::string::npos) return name;
  for (const std::string& variable : command.env) {
    if (!variable.starts_with("PATH=")) continue;
    for (const std::string& directory : split(variable.substr(5), ':')) {
      const std::string path = cat(directory, "/", name);
      if (directory.starts_with('/') && ::access(path.c_str(), X_OK) == 0) return path;
    }
  }
  fail(ErrorKind::not_found, "there is no program ", quoted(name), "; install it");
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> list;
  for (const std::string& word : words) list.push_back(const_cast<char*>(word.c_str()));
  list.push_back(nullptr);
  return list;
}

/// What the child does between fork and exec.
class SpawnActions {
 public:
  SpawnActions(const std::string& directory, int output, int errors) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files_, errors, STDERR_FILENO);
    posix_spawn_file_actions_addchdir_np(&files_, directory.c_str());
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    // A session of its own: no terminal to ask questions on, and one group to kill.
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
  }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }

  pid_t spawn(const Command& command) const {
    const std::string program = find_program(command);
    pid_t pid = -1;
    const int error = posix_spawn(&pid, program.c_str(), &files_, &attributes_,
                                  pointers(command.argv).data(), pointers(command.env).data());
    if (error != 0) fail_system(error, cat("cannot run ", quoted(program)));
    return pid;
  }

 private:
  posix_spawn_file_actions_t files_;
  posix_spawnattr_t attributes_;
};

/// A child and its session. Whoever drops it before it has ended kills it.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ < 0) return;
    ::kill(-pid_, SIGKILL);
    wait(0);
  }

  /// True once it has ended.
  bool has_ended() { return pid_ < 0 || wait(WNOHANG); }
  int status() const {
    return WIFSIGNALED(status_) ? 128 + WTERMSIG(status_) : WEXITSTATUS(status_);
  }

 private:
  bool wait(int flags) {
    pid_t ended = -1;
    do {
      ended = ::waitpid(pid_, &status_, flags);
    } while (ended < 0 && errno == EINTR);
    if (ended == 0) return false;
    pid_ = -1;
    return true;
  }

  pid_t pid_;
  int status_ = 0;
};

/// One of the child's two streams, read as it comes.
struct Stream {
  Fd fd;
  std::string text;

  void read_some() {
    std::array<char, 16384> buffer;
    const ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) return;
    if (count <= 0) return fd.reset();
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
};

/// Reads what there is within the time; false if there was nothing.
bool read_streams(Stream& output, Stream& errors, int timeout_ms) {
  std::array<pollfd, 2> waited{pollfd{output.fd.get(), POLLIN, 0},
                               pollfd{errors.fd.get(), POLLIN, 0}};
  if (::poll(waited.data(), waited.size(), timeout_ms) <= 0) return false;
  if (waited[0].revents != 0) output.read_some();
  if (waited[1].revents != 0) errors.read_some();
  return true;
}

}  // namespace

Finished run_command(const Command& command, std::size_t output_max, const std::stop_token& stop) {
  Pipe output_pipe = make_pipe();
  Pipe errors_pipe = make_pipe();
  Child child(
      SpawnActions(command.directory, output_pipe.write_end.get(), errors_pipe.write_end.get())
          .spawn(command));
  output_pipe.write_end.reset();
  errors_pipe.write_end.reset();
  Stream output{std::move(output_pipe.read_end), {}};
  Stream errors{std::move(errors_pipe.read_end), {}};
  // A grandchild may hold the pipes open, so the end of the child is the end.
  for (bool ended = false; !ended;) {
    ended = child.has_ended();
    throw_if_stopped(stop);
    const bool open = output.fd || errors.fd;
    while (read_streams(output, errors, ended || !open ? 0 : look_around_ms)) {
      if (output.text.size() > output_max)
        fail(ErrorKind::corrupt, quoted(command.argv[0]), " printed more than ", output_max,
             " bytes");
      if (errors.text.size() > errors_max) errors.text.erase(0, errors.text.size() - errors_max);
      if (!output.fd && !errors.fd) break;
    }
    if (!open && !ended) ::usleep(1000);
  }
  return {child.status(), std::move(output.text), std::move(errors.text)};
}

}  // namespace strata
