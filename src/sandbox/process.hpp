#pragma once
/// A started process as the engine holds it.

#include <cstdint>
#include <memory>

#include "sandbox/message.hpp"
#include "sandbox/oom.hpp"
#include "strata/sandbox/run.hpp"

namespace strata::sandbox {

struct Process::State {
  Fd channel;
  Fd pidfd;    ///< of pid 1: readable when the last process inside is gone
  Fd console;  ///< with a tty
  Fd out;      ///< reading ends of pipes, when output goes to the callback
  Fd err;
  std::function<void(OutputStream, std::string_view)> on_output;
  std::vector<std::string> stubs;
  std::shared_ptr<const OomCounter> oom;
  std::uint64_t oom_kills_before = 0;
  bool is_over = false;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State();

  void send_signal(int number) const;
  /// Everything inside is gone: what pid 1 said last.
  Report report();
};

}  // namespace strata::sandbox
