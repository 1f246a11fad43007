#include "strata/base/stop.hpp"

#include <condition_variable>
#include <mutex>

namespace strata {

void wait_or_stop(std::chrono::milliseconds pause, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, pause, [] { return false; });
  throw_if_stopped(stop);
}

}  // namespace strata
