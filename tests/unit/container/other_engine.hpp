#pragma once
/// An engine in a process of its own: this program, executed again for one hidden test case. (A
/// forked copy would do without the threads that a store has.)

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <utility>

#include "strata/container/container.hpp"

namespace strata::test {

enum class Interactive { no, yes };

class OtherEngine {
 public:
  /// `prepare` is called in the new process before anything else; it may call nothing but what is
  /// safe after a fork.
  OtherEngine(
      const std::string& store_path, const container::Container& container, Interactive interactive,
      const std::function<void()>& prepare = [] {});
  OtherEngine(const OtherEngine&) = delete;
  OtherEngine& operator=(const OtherEngine&) = delete;
  ~OtherEngine() { kill_now(); }

  pid_t pid() const { return pid_; }

  void kill_now() {
    if (pid_ < 0) return;
    kill(pid_, SIGKILL);
    wait();
  }

  /// The exit status, which is the container's; -1 if a signal ended the engine.
  int wait() {
    int status = -1;
    waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_;
};

}  // namespace strata::test
