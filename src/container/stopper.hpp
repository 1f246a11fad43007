#pragma once
/// A wish to stop, handed on to a container's process: first SIGINT, which it may handle, and when
/// its grace is over SIGKILL.

#include <chrono>
#include <functional>
#include <stop_token>
#include <thread>

#include "strata/sandbox/run.hpp"

namespace strata::container {

/// `process` is borrowed and outlives this.
class Stopper {
 public:
  static constexpr std::chrono::milliseconds usual_grace{10'000};

  Stopper(sandbox::Process& process, const std::stop_token& stop,
          std::chrono::milliseconds grace = usual_grace)
      : process_(process), grace_(grace), callback_(stop, [this] { on_stop(); }) {}

 private:
  void on_stop();

  sandbox::Process& process_;
  std::chrono::milliseconds grace_;
  // Ends after the callback, which starts it.
  std::jthread killer_;
  std::stop_callback<std::function<void()>> callback_;
};

}  // namespace strata::container
