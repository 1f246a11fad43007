#include "strata/context/commit_time.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <string_view>
#include <vector>

#include "strata/base/error.hpp"
#include "strata/base/fd.hpp"

namespace strata::context {

namespace {

constexpr std::size_t answer_size_max = 64u << 10;

/// All that git sees of the environment. Nobody is asked for a password, no object is fetched.
constexpr std::string_view environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin",
                                            "HOME=/nonexistent",
                                            "LC_ALL=C",
                                            "GIT_CONFIG_NOSYSTEM=1",
                                            "GIT_TERMINAL_PROMPT=0",
                                            "GIT_CONFIG_GLOBAL=/dev/null",
                                            "GIT_OPTIONAL_LOCKS=0",
                                            "GIT_NO_LAZY_FETCH=1"};

/// rev-list is plumbing: of what a repository's configuration can start, it starts nothing. Whoever
/// owns the repository, its HEAD is only read.
std::vector<std::string> command_line(const std::string& directory) {
  return {"git",
          "-c",
          "safe.directory=*",
          "-c",
          "protocol.allow=never",
          "-c",
          "core.fsmonitor=false",
          "-C",
          directory,
          "rev-list",
          "--max-count=1",
          "--timestamp",
          "HEAD",
          "--"};
}

template <class Texts>
std::vector<char*> pointers_to(const Texts& texts) {
  std::vector<char*> pointers;
  for (const auto& text : texts) pointers.push_back(const_cast<char*>(text.data()));
  pointers.push_back(nullptr);
  return pointers;
}

/// What git has to write its answer and its complaints to.
class SpawnActions {
 public:
  explicit SpawnActions(int output) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files_, output, STDERR_FILENO);
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK);
  }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }

  pid_t spawn(const std::vector<std::string>& words) const {
    const auto argv = pointers_to(words);
    const auto env = pointers_to(environment);
    pid_t pid = -1;
    const int error =
        posix_spawnp(&pid, words[0].c_str(), &files_, &attributes_, argv.data(), env.data());
    if (error == ENOENT) fail(ErrorKind::not_found, "the command git is not installed");
    if (error != 0) fail_system(error, "start git");
    return pid;
  }

 private:
  posix_spawn_file_actions_t files_;
  posix_spawnattr_t attributes_;
};

int wait_for(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) fail_errno("wait for git");
  return status;
}

}  // namespace

std::int64_t commit_time(const std::string& directory) {
  Pipe pipe = make_pipe();
  const pid_t pid = SpawnActions(pipe.write_end.get()).spawn(command_line(directory));
  pipe.write_end.reset();
  std::string answer(answer_size_max, '\0');
  answer.resize(read_full(pipe.read_end.get(), answer));
  pipe.read_end.reset();
  const int status = wait_for(pid);

  std::int64_t seconds = 0;
  const auto parsed = std::from_chars(answer.data(), answer.data() + answer.size(), seconds);
  if (status == 0 && parsed.ec == std::errc()) return seconds;
  Error error(ErrorKind::not_found, cat("no commit is checked out in ", quoted(directory)));
  throw error.note(cat("git: ", trim(answer)));
}

}  // namespace strata::context
