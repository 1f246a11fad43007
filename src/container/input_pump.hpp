#pragma once
/// Standard input for a process in a sandbox: what the caller's gives is moved into a pipe, so that
/// nothing inside ever holds the caller's own terminal or file.

#include <thread>

#include "strata/base/fd.hpp"

namespace strata::container {

class InputPump {
 public:
  /// `in` is borrowed. Nothing is read before `start`.
  explicit InputPump(int in);
  /// To be destroyed after the process's end: then writing to its pipe no longer blocks.
  ~InputPump();
  InputPump(const InputPump&) = delete;
  InputPump& operator=(const InputPump&) = delete;

  /// The process's end of the pipe.
  int read_end() const { return pipe_.read_end.get(); }

  /// To be called when the process has its end: closes ours, so that the process's own end decides
  /// whether anybody still reads, and begins to move bytes.
  void start();

 private:
  void run();

  int in_;
  Pipe pipe_;
  Fd stop_event_;
  std::thread thread_;
};

}  // namespace strata::container
