// A program like git starts others, and a signal on the death of the parent (PR_SET_PDEATHSIG)
// reaches the first of them alone; it also comes when the thread that forked ends, not the process.
// So between us and the program stands a watcher, a fork of ours that executes nothing. It holds
// one end of a pipe, the lifeline, whose other end only we have: whatever ends us closes it. Then,
// and when the program has ended, the watcher kills the program's whole group. Nobody has to be
// found, and there is no moment at which our death goes unnoticed.
//
// We have many threads, so the watcher may do nothing but system calls: all that it needs is made
// before the fork. It lets go of every descriptor of ours at once, because locks and pipes would
// otherwise live as long as it does.

#include "strata/base/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "strata/base/error.hpp"
#include "strata/base/io.hpp"
#include "strata/base/text.hpp"

namespace strata {

namespace {

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

/// The only descriptors of the watcher: the program's three, then its own.
enum : int { lifeline_fd = STDERR_FILENO + 1, failure_fd, fds_end };

/// All that a watcher needs, made before there is one.
struct Start {
  std::string program;
  std::vector<char*> argv;
  std::vector<char*> env;
  std::string directory;
  std::array<int, fds_end> fds;  ///< of ours, by what they become
};

/// System calls alone from here on, in the watcher and in the program before it is executed.

void close_from(unsigned first) {
  if (::close_range(first, ~0u, 0) == 0) return;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const auto end = static_cast<unsigned>(std::min<rlim_t>(limit.rlim_cur, 1u << 20));
  for (unsigned fd = first; fd < end; ++fd) ::close(static_cast<int>(fd));
}

/// First out of the way of each other, then to their places.
void place_descriptors(std::array<int, fds_end> fds) {
  for (int& fd : fds) fd = ::fcntl(fd, F_DUPFD, 2 * fds_end);
  for (int place = 0; place < fds_end; ++place) ::dup2(fds[place], place);
  for (const int own : {lifeline_fd, failure_fd}) ::fcntl(own, F_SETFD, FD_CLOEXEC);
  close_from(fds_end);
}

[[noreturn]] void tell_failure(int error) {
  [[maybe_unused]] const ssize_t told = ::write(failure_fd, &error, sizeof error);
  ::_exit(127);
}

[[noreturn]] void become_program(const Start& start, pid_t watcher) {
  // If the watcher itself is killed, at least the program goes; it may have been just now.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != watcher) ::_exit(127);
  // A session of its own: no terminal to ask questions on, and one group to kill.
  ::setsid();
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (::chdir(start.directory.c_str()) != 0) tell_failure(errno);
  ::execve(start.program.c_str(), start.argv.data(), start.env.data());
  tell_failure(errno);
}

/// Until the program ends or we do.
void wait_for_an_end(int child_signals) {
  std::array<pollfd, 2> waited{pollfd{child_signals, POLLIN, 0}, pollfd{lifeline_fd, POLLIN, 0}};
  while (::poll(waited.data(), waited.size(), -1) < 0 && errno == EINTR) {
  }
}

[[noreturn]] void watch(const Start& start) {
  // Nothing ends the watcher early: not the terminal's ^C, which the engine handles.
  sigset_t all;
  sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  ::prctl(PR_SET_NAME, "strata watcher");
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  place_descriptors(start.fds);
  sigset_t of_children;
  sigemptyset(&of_children);
  sigaddset(&of_children, SIGCHLD);
  ::signal(SIGCHLD, SIG_DFL);
  const int child_signals = ::signalfd(-1, &of_children, SFD_CLOEXEC);
  const pid_t self = ::getpid();
  const pid_t program = child_signals < 0 ? -1 : ::_Fork();
  if (program < 0) tell_failure(errno);
  if (program == 0) become_program(start, self);
  for (const int place : {STDOUT_FILENO, STDERR_FILENO, int{failure_fd}}) ::close(place);
  wait_for_an_end(child_signals);
  // Before the program is taken off the list, so that its number cannot be somebody else's; its
  // group may not be there yet, the program is.
  ::kill(-program, SIGKILL);
  ::kill(program, SIGKILL);
  int status = 0;
  while (::waitpid(program, &status, 0) < 0 && errno == EINTR) {
  }
  // What it left in its group is ours now, killed, and may still be on its way out.
  while (::waitpid(-program, nullptr, 0) > 0 || errno == EINTR) {
  }
  ::_exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

/// A file without a name, which takes any input whole: a child that does not read blocks nobody.
Fd open_input(const std::string& text) {
  Fd file(::memfd_create("input", MFD_CLOEXEC));
  if (!file) fail_errno("make a file for a program's input");
  write_all(file.get(), text);
  if (::lseek(file.get(), 0, SEEK_SET) != 0) fail_errno("go back to the beginning of an input");
  return file;
}

/// What went wrong before the program was there; 0 if nothing did.
int read_failure(int fd) {
  int error = 0;
  ssize_t got = -1;
  do {
    got = ::read(fd, &error, sizeof error);
  } while (got < 0 && errno == EINTR);
  return got == sizeof error ? error : 0;
}

}  // namespace

Child::Child(const Command& command) {
  Pipe output_pipe = make_pipe();
  Pipe errors_pipe = make_pipe();
  Pipe lifeline = make_pipe();
  Pipe failure = make_pipe();
  const Fd input = open_input(command.input);
  const Start start{find_program(command),
                    pointers(command.argv),
                    pointers(command.env),
                    command.directory,
                    {input.get(), output_pipe.write_end.get(), errors_pipe.write_end.get(),
                     lifeline.read_end.get(), failure.write_end.get()}};
  watcher_ = ::fork();
  if (watcher_ < 0) fail_errno("cannot fork");
  if (watcher_ == 0) watch(start);
  failure.write_end.reset();
  lifeline_ = std::move(lifeline.write_end);
  output = std::move(output_pipe.read_end);
  errors = std::move(errors_pipe.read_end);
  if (const int error = read_failure(failure.read_end.get()); error != 0) {
    wait(0);
    fail_system(error, cat("cannot run ", quoted(start.program)));
  }
}

Child::~Child() {
  lifeline_.reset();
  if (watcher_ >= 0) wait(0);
}

bool Child::has_ended() { return watcher_ < 0 || wait(WNOHANG); }

bool Child::wait(int flags) {
  int status = 0;
  pid_t ended = -1;
  do {
    ended = ::waitpid(watcher_, &status, flags);
  } while (ended < 0 && errno == EINTR);
  if (ended == 0) return false;
  watcher_ = -1;
  status_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return true;
}

}  // namespace strata
