#pragma once
/// Another program as a child of ours that cannot outlive us, however we end.

#include <sys/types.h>

#include <string>
#include <vector>

#include "strata/base/fd.hpp"

namespace strata {

struct Command {
  std::vector<std::string> argv;  ///< the program's name is looked up in the PATH of `env`
  std::vector<std::string> env;   ///< NAME=value; nothing else is inherited
  std::string directory;          ///< of the host, in which it runs
  std::string input = {};         ///< what it can read from standard input
};

/// One running program, in a session of its own, with its input and none of our descriptors. It
/// ends with all its children when the object goes, when the program itself ends, and when this
/// process does, by SIGKILL too. Lives in one thread at a time.
class Child {
 public:
  /// Error not_found if there is no such program.
  explicit Child(const Command& command);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  /// True once it has ended and nothing of it is left.
  bool has_ended();
  /// Of one that has ended: its exit status, or 128 and the number of the signal that ended it.
  int status() const { return status_; }

  Fd output;  ///< what it writes to standard output
  Fd errors;  ///< and to standard error

 private:
  bool wait(int flags);

  Fd lifeline_;  ///< its watcher ends it when this closes
  pid_t watcher_ = -1;
  int status_ = 0;
};

}  // namespace strata
