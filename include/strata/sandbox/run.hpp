#pragma once
/// Runs processes in sandboxes: new mount, pid, ipc, uts and cgroup namespaces, by choice a new
/// network, an overlay as root, Docker's capabilities and system calls.
///
/// Everything inside dies when the main process ends, when the Process object goes, and when the
/// engine itself is killed. Nothing stays mounted on the host.

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "strata/base/fd.hpp"
#include "strata/sandbox/spec.hpp"

namespace strata::sandbox {

enum class OutputStream { out, err };

/// Where the process's standard descriptors lead. Not used when Spec::tty is set.
struct Streams {
  int in = -1;   ///< borrowed; -1: an empty input
  int out = -1;  ///< borrowed; -1: `on_output` if set, else dropped
  int err = -1;
  /// Called in the thread that waits, with pieces as they were written.
  std::function<void(OutputStream, std::string_view)> on_output;
};

/// How a process ended. With a signal, `code` is 128 + signal as shells count.
/// 127: the program was not found; 126: it cannot be executed (a line on err says what was tried).
struct ExitStatus {
  int code = 0;
  int signal = 0;
  bool oom_killed = false;

  bool ok() const { return code == 0; }
  bool operator==(const ExitStatus&) const = default;
};

struct Report {
  ExitStatus status;
  /// Mount points the sandbox made (root paths, sorted, with their parents as far as they were made
  /// too). They exist only while it runs: a whiteout of such a name that no lower has means
  /// nothing.
  std::vector<std::string> stubs;
  std::uint64_t memory_peak = 0;  ///< bytes, of the largest process that was waited for
};

/// A started process. Destruction kills everything in its sandbox and waits for that.
class Process {
 public:
  Process(Process&&) noexcept;
  Process& operator=(Process&&) noexcept;
  ~Process();

  /// Delivers output until the process has ended and all others inside are gone. When a stop is
  /// asked for, everything inside is killed and Error interrupted is thrown.
  Report wait(std::stop_token stop = {});

  /// Passes SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2 or SIGWINCH to the main process, or
  /// kills everything with SIGKILL. May be called from any thread, before and while `wait` runs.
  void signal(int number);

  /// With Spec::tty: the controlling end of the terminal, to be read, written and resized
  /// (TIOCSWINSZ) by the caller. Reading gives EIO once the last process inside is gone.
  int console() const;

  struct State;
  explicit Process(std::unique_ptr<State> state);

 private:
  std::unique_ptr<State> state_;
};

/// Starts sandboxes. Holds a small helper process (this program, executed again, see init.hpp) that
/// is started on first use and does the cloning: it has one thread and little memory, so that a
/// start costs about a millisecond however large the engine is. Safe to use from several threads.
class Sandbox {
 public:
  Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;
  ~Sandbox();

  /// Starts the helper now, so that the first `start` need not wait for it. Optional.
  void prepare();

  /// Returns when the process runs. Throws Error with the step of the set-up that failed.
  Process start(const Spec& spec, Streams streams);

  /// start and wait in one.
  Report run(const Spec& spec, Streams streams, std::stop_token stop = {});

 private:
  class Launcher;
  std::unique_ptr<Launcher> launcher_;
};

}  // namespace strata::sandbox
