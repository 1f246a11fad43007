#include "container/stopper.hpp"

#include <signal.h>

#include <condition_variable>
#include <mutex>

#include "strata/base/error.hpp"

namespace strata::container {

namespace {

/// In threads of others, where nobody takes an exception. A process that is gone needs no signal.
void send(sandbox::Process& process, int number) noexcept {
  try {
    process.signal(number);
  } catch (const Error&) {
  }
}

}  // namespace

void Stopper::on_stop() {
  send(process_, SIGINT);
  killer_ = std::jthread([this](const std::stop_token& is_over) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any wake;
    wake.wait_for(lock, is_over, grace_, [] { return false; });
    if (!is_over.stop_requested()) send(process_, SIGKILL);
  });
}

}  // namespace strata::container
